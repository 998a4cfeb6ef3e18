/**
 * What the model's files say of themselves: the comment at the head, and the one above each function.
 *
 * In: paths. Out: texts. Never: a reading of what the code does.
 */
import { parseSync } from 'oxc-parser';
import { sourceText } from './sources.ts';

export interface FileDocs {
  readonly path: string;
  /** Of the head, without comment signs; paragraphs apart. */
  readonly head: readonly string[];
  readonly functions: readonly FunctionDocs[];
}
export interface FunctionDocs {
  readonly name: string;
  /** Null where the head says all. */
  readonly text: string | null;
}

export function docsOfFile(path: string): FileDocs {
  const source = sourceText(path);
  const { program, comments } = parseSync(path, source);
  const blocks = comments.filter(({ type, value }) => type === 'Block' && value.startsWith('*'));
  const before = (start: number) => blocks.find(({ end }) => end <= start && source.slice(end, start).trim() === '');
  const functions = program.body.flatMap((node) => {
    const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
    if (declaration?.type !== 'FunctionDeclaration' || declaration.id === null) return [];
    const comment = before(node.start);
    // The first comment of a file is its head, unless imports stand between it and this function.
    const own = comment !== undefined && comment !== blocks[0] ? comment : undefined;
    const text = own === undefined ? null : paragraphs(own.value).join(' ');
    return [{ name: declaration.id.name, text }];
  });
  return { path, head: blocks[0] === undefined ? [] : paragraphs(blocks[0].value), functions };
}

function paragraphs(comment: string): string[] {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*+ ?/, '').trim())
    .join('\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim().replaceAll(/\s*\n\s*/g, ' '))
    .filter((paragraph) => paragraph !== '');
}
