/**
 * Damage that is done to texts: what archives, mail programs, editors and people who mean harm do to them.
 */
import fc from 'fast-check';

const kinds = [
  'drop',
  'twice',
  'move',
  'insert',
  'cut',
  'digit',
  'strip',
  'quote',
  'flip',
  'long',
  'replace',
  'nest',
  'join',
  'crlf',
] as const;

/** One piece of damage. Places are parts of the text in millionths, so that they fit any. */
export interface Mutation {
  readonly kind: (typeof kinds)[number];
  readonly at: number;
  readonly to: number;
  readonly span: number;
  readonly what: number;
}

/** Lines and words that have a meaning to some reader, or should have none. */
const hostile: readonly string[] = [
  'diff --git a/../../../etc/passwd b/../../../etc/passwd',
  '--- /etc/passwd',
  '+++ /etc/passwd',
  '--- a/arch/x86/kvm/../../../../etc/shadow.c',
  '+++ b/.git/hooks/post-checkout.c',
  'rename from ../x.c',
  'rename to /tmp/x.c',
  '--- /dev/null',
  '+++ /dev/null',
  'new file mode 120000',
  'deleted file mode 100644',
  'GIT binary patch',
  '@@ -1,999999999 +1,999999999 @@',
  '@@ -0,0 +1 @@',
  '@@ -999999999 +999999999,0 @@ int f(void)',
  '@@ -1 +1 @@',
  '+++x;',
  '---x;',
  '\\ No newline at end of file',
  'From x Mon Sep 17 00:00:00 2001',
  'Content-Transfer-Encoding: quoted-printable',
  'Content-Transfer-Encoding: base64',
  'Subject: [PATCH 999/999] $(touch x) `touch x`',
  '=C3=28=',
  ' 1 file changed, 1 insertion(+)',
  '-- ',
  '+#if 1',
  '+#else',
  '+#endif',
  '+#define F(x) F(x) F(x)',
  '+#define G(a, b, ...) a ## b # __VA_ARGS__ \\',
  '+#include "/etc/passwd"',
  '+/*',
  '+*/',
  '+"\\',
  "+'",
  '+{',
  '+}',
  '+\tgoto out;',
  '+out:',
  '+\twhile (1) {',
  '+\tx = a ? b : c, d = (e, f);',
  '+\tasm volatile("nop" ::: "memory");',
  '+\t__kvm_mmu_free_obsolete_roots(kvm, (struct kvm_mmu *)~0UL);',
  '+\tswitch (x) { case 1 ... 5: default: break; }',
  '+static int constructor(struct kvm *__proto__) {',
  '+\tkvm->arch.prev_roots[1e9].hpa = 0x;',
  '+\tlist_for_each_entry(sp, l, link) list_for_each_entry(sp, l, link);',
  '\u0000',
  '\ufeff',
  '\u202e+x;',
  '\ud800',
  '\u0085\u2028\u2029',
  '\f\v\b',
];

const million = 1_000_000;

/** Some damage. Most of it is little, so that what comes out is still nearly a patch. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    at: fc.nat({ max: million - 1 }),
    to: fc.nat({ max: million - 1 }),
    span: fc.nat({ max: 12 }),
    what: fc.nat({ max: hostile.length - 1 }),
  }),
  { maxLength: 6 },
);

/** Texts stay shorter than this, in characters, as long as no single piece of damage makes them longer. */
export const textMax = 400_000;

/** `text` with the damage done, in order. `other`: what lines may be taken from. */
export function damaged(text: string, damage: readonly Mutation[], other: string): string {
  return damage.reduce((before, one) => (before.length > textMax ? before : after(before, one, other)), text);
}

function after(text: string, { kind, at, to, span, what }: Mutation, other: string): string {
  const lines = text.split('\n');
  const line = Math.floor((at / million) * lines.length);
  const target = Math.floor((to / million) * lines.length);
  const place = Math.floor((at / million) * text.length);
  const word = hostile[what] ?? '';
  switch (kind) {
    case 'drop':
      return lines.toSpliced(line, span + 1).join('\n');
    case 'twice':
      return lines.toSpliced(line, 0, ...lines.slice(line, line + span + 1)).join('\n');
    case 'move':
      return lines
        .toSpliced(line, span + 1)
        .toSpliced(target, 0, ...lines.slice(line, line + span + 1))
        .join('\n');
    case 'insert':
      return lines.toSpliced(line, 0, word).join('\n');
    case 'cut':
      return text.slice(0, place);
    case 'digit':
      return `${text.slice(0, place)}${text.slice(place).replace(/\d/, String(span % 10))}`;
    case 'strip':
      return lines.map((one, index) => (Math.abs(index - line) < span * 20 ? one.replace(/^ +/, '') : one)).join('\n');
    case 'quote':
      return lines.map((one, index) => (Math.abs(index - line) < span * 20 ? `> ${one}` : one)).join('\n');
    case 'flip':
      return `${text.slice(0, place)}${String.fromCharCode(text.charCodeAt(place) ^ (1 << (span % 8)))}${text.slice(place + 1)}`;
    case 'long':
      return lines.with(line, `${lines[line] ?? ''}${word.repeat(1 + span * 40)}`).join('\n');
    case 'replace':
      return `${text.slice(0, place)}${word}${text.slice(place + span)}`;
    case 'nest':
      return lines.with(line, `+\tx = ${'('.repeat(span * 40)}1${span % 2 === 0 ? ')'.repeat(span * 40) : ''};`).join('\n');
    case 'join':
      return lines.toSpliced(line, 0, ...other.split('\n').slice(target, target + span * 3)).join('\n');
    case 'crlf':
      return text.replaceAll('\n', '\r\n');
  }
}
