/** The lines of a file of C that positions are of; undefined for any other file. */
export type SourceLines = (file: string) => readonly string[] | undefined;
