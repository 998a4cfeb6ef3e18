/**
 * A mail as lines: carriage returns and soft breaks of quoted-printable gone, quotation marks counted.
 */
import { UnreadableInput } from './unreadable.ts';

/** One line of the file. */
export interface MailLine {
  /** Text without the line end. */
  readonly text: string;
  /** Line in the file, from 1. With quoted-printable: of the first of the lines that were joined. */
  readonly line: number;
}

const encodedLine = /^[A-Za-z0-9+/]{60,76}={0,2}$/;

/**
 * Splits `text`, whose first line is line `first` of the file. Decodes quoted-printable bodies; refuses base64.
 * Throws `UnreadableInput`.
 */
export function mailLines(text: string, file: string, first = 1): MailLine[] {
  const lines: MailLine[] = [];
  let quotedPrintable = false;
  let soft: { text: string; line: number } | null = null;
  const raw = (text.startsWith('\ufeff') ? text.slice(1) : text).split('\n');
  for (let index = 0; index < raw.length; index += 1) {
    const one = (raw[index] ?? '').replace(/\r$/, '');
    const line = index + first;
    if (one.startsWith('From ')) quotedPrintable = false;
    const encoding = /^content-transfer-encoding:\s*(\S+)/i.exec(one);
    if (encoding !== null) {
      const name = (encoding[1] ?? '').toLowerCase();
      if (name === 'base64' && raw.slice(index + 1, index + 200).some((next) => encodedLine.test(next.trim()))) {
        throw new UnreadableInput('encoded', file, line, 'the mail is base64: save it decoded (git am reads it, b4 am writes it)');
      }
      quotedPrintable = name === 'quoted-printable';
    }
    if (!quotedPrintable) {
      lines.push({ text: one, line });
      continue;
    }
    const start: { text: string; line: number } = soft ?? { text: '', line };
    if (one.endsWith('=')) {
      soft = { text: start.text + one.slice(0, -1), line: start.line };
      continue;
    }
    soft = null;
    lines.push({ text: decodeQuotedPrintable(start.text + one), line: start.line });
  }
  if (soft !== null) lines.push({ text: decodeQuotedPrintable(soft.text), line: soft.line });
  if (lines.at(-1)?.text === '') lines.pop();
  return lines;
}

function decodeQuotedPrintable(text: string): string {
  return text.replace(/((?:=[0-9A-F]{2})+)/g, (run) => new TextDecoder('utf-8').decode(Buffer.from(run.replaceAll('=', ''), 'hex')));
}

/** How many quotation marks a line starts with, at most 20. */
export function quoteDepth(text: string): number {
  let depth = 0;
  let at = 0;
  while (depth < 20 && text[at] === '>') {
    depth += 1;
    at += text[at + 1] === ' ' ? 2 : 1;
  }
  return depth;
}

/** `text` without its first `depth` quotation marks, and how many characters that removed. */
export function unquote(text: string, depth: number): { readonly text: string; readonly removed: number } {
  let at = 0;
  for (let n = 0; n < depth && text[at] === '>'; n += 1) at += text[at + 1] === ' ' ? 2 : 1;
  return { text: text.slice(at), removed: at };
}
