/**
 * The mail form: the text form at 72 columns under a subject line as the kernel's lists write it. No line
 * could be taken for a patch, a new message, a signature or a tag: a person decides who reported what.
 */
import type { Trace } from '../schema.ts';
import { cut, escapeText } from './ascii.ts';
import { propertyTitle, type RenderOptions } from './sections.ts';
import { defaultWidth, reportLines } from './text.ts';

/** What mail tools and `git am` look for at the start of a line. */
const misread = /^(diff|---|\+|From |-- |Index:|@@|>|[A-Za-z-]+-by:|(Fixes|Closes|Link|Cc|Subject|Date|Message-I[dD]):)/;

/** Ends with a newline. */
export function renderMail(trace: Trace, options: Omit<RenderOptions, 'width'> = {}): string {
  // One column is kept back for the blank that makes a misleading line harmless.
  const body = reportLines(trace, { ...options, width: defaultWidth - 1 }).map((line) => (misread.test(line) ? ` ${line}` : line));
  return `${[`Subject: ${subject(trace)}`, '', ...body].join('\n')}\n`;
}

/** `KVM: x86/mmu: <property> violated in <model>`, short enough for one line of a mail's header. */
function subject(trace: Trace): string {
  const room = defaultWidth - 'Subject: '.length;
  const what = `${propertyTitle(trace)} ${trace.verdict}${trace.variant === '' ? '' : ` (${trace.variant})`}`;
  return cut(escapeText(trace.subsystem === '' ? what : `${trace.subsystem}: ${what}`), room);
}
