/**
 * Versions of the kernel: which one a tree is, and which ones a binding holds for.
 */

export interface KernelVersion {
  readonly major: number;
  readonly minor: number;
  /** As it was found: `6.12.95`. */
  readonly text: string;
  /** Where it was read: the tree's Makefile, or, if it has none, the name of its directory. */
  readonly from: 'Makefile' | 'directory';
}

/** From the first lines of the kernel's Makefile; null if they name no version. */
export function versionOfMakefile(text: string): KernelVersion | null {
  const value = (name: string): string | null => new RegExp(`^${name} *= *(\\d{1,4}) *$`, 'm').exec(text.slice(0, 2000))?.[1] ?? null;
  const [major, minor, last] = [value('VERSION'), value('PATCHLEVEL'), value('SUBLEVEL')];
  if (major === null || minor === null) return null;
  const text3 = last === null || last === '0' ? `${major}.${minor}` : `${major}.${minor}.${last}`;
  return { major: Number(major), minor: Number(minor), text: text3, from: 'Makefile' };
}

/** `linux-source-6.12`, `linux-6.1.192`: the version at the end of a directory's name; null if there is none. */
export function versionOfDirectory(name: string): KernelVersion | null {
  const match = /(?:^|[^\d.])(\d{1,2})\.(\d{1,3})(?:\.(\d{1,4}))?$/.exec(name);
  if (match === null) return null;
  const [, major = '', minor = '', last] = match;
  return {
    major: Number(major),
    minor: Number(minor),
    text: last === undefined ? `${major}.${minor}` : `${major}.${minor}.${last}`,
    from: 'directory',
  };
}

/** A span of versions as bindings say it: from this one on, and up to that one, both included. */
export interface VersionSpan {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/** Whether `version` (`6.12`, or longer) lies in the span. */
export function isWithin(version: Pick<KernelVersion, 'major' | 'minor'>, { from, until }: VersionSpan): boolean {
  const number = version.major * 1000 + version.minor;
  return (from === undefined || number >= numberOf(from)) && (until === undefined || number <= numberOf(until));
}

function numberOf(text: string): number {
  const [major = '0', minor = '0'] = text.split('.');
  return Number(major) * 1000 + Number(minor);
}
