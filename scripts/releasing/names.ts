/** Names and numbers of versions. */

/** A repository on GitHub, "Owner/name", by the URL of its remote; null where it is elsewhere. */
export function repositoryOf(remoteUrl: string): string | null {
  const [, owner, name] =
    /^(?:https:\/\/(?:[^@/]+@)?|ssh:\/\/git@|git@)github\.com[/:]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(remoteUrl) ?? [];
  return owner === undefined ? null : `${owner}/${name}`;
}

/** The image of the owner of a repository. Image names have no capitals. */
export function imageOf(repository: string): string {
  return `ghcr.io/${repository.split('/', 1)[0]?.toLowerCase()}/nextcrm-migrate`;
}

/** Of two versions of three numbers each. */
export function isLater(version: string, than: string): boolean {
  const other = than.split('.').map(Number);
  const differing = version
    .split('.')
    .map((part, index) => Number(part) - (other[index] ?? 0))
    .find((difference) => difference !== 0);
  return differing !== undefined && differing > 0;
}
