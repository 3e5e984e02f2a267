/** The sections of CHANGELOG.md. */

const section = (changelog: string, heading: string): string | null => {
  const start = changelog.indexOf(`\n## ${heading}`);
  if (start === -1) return null;
  const body = changelog.slice(changelog.indexOf('\n', start + 1) + 1);
  const end = body.search(/^## /m);
  return (end === -1 ? body : body.slice(0, end)).trim();
};

/** What a version without its heading says; null where it has no section with a date. */
export const notesOf = (changelog: string, version: string): string | null => section(changelog, `${version} (`);

export const unreleased = (changelog: string): string => section(changelog, 'Unreleased\n') ?? '';
