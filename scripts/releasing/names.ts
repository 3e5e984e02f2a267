/** Names and numbers of versions. */

/** The image of the owner of a repository on GitHub, by the URL of its remote; null where it is elsewhere. Image names have no capitals. */
export function imageOf(remoteUrl: string): string | null {
  const [, owner] = /^(?:https:\/\/(?:[^@/]+@)?|ssh:\/\/git@|git@)github\.com[/:]([\w.-]+)\/[\w.-]+\/?$/.exec(remoteUrl) ?? [];
  return owner === undefined ? null : `ghcr.io/${owner.toLowerCase()}/nextcrm-migrate`;
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
