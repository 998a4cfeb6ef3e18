/**
 * Structures as the tree declares them: paths of members, with the types that are spelled for them.
 */
import { type CNode, child, childrenOf, named, walk } from '../c/node.ts';
import type { CParser } from '../c/parse.ts';
import type { RecordText } from '../lower/environment.ts';
import { spelledType } from '../lower/types.ts';

/** Most members of one structure. */
const memberLimit = 200;

/** Texts that are remembered; a tree has some hundred. */
const rememberedMax = 4000;
/** By text: both sides of a patch have nearly the same ones, and each scenario asks for them. Null: no C, or too large. */
const remembered = new Map<string, RecordText | null>();

/** Parses the texts of structures; those that are no C are left out. */
export function structTexts(texts: ReadonlyMap<string, string>, parser: CParser): ReadonlyMap<string, RecordText> {
  const found = new Map<string, RecordText>();
  for (const [name, text] of texts) {
    const known = remembered.get(text);
    const record = known === undefined ? recordOf(text, parser) : known;
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(text, record);
    if (record !== null) found.set(name, record);
  }
  return found;
}

function recordOf(text: string, parser: CParser): RecordText | null {
  if (text.length > 20_000) return null;
  // Bits without a name are room only.
  const { root, problem } = parser.parse(`${text.replace(/\b(unsigned|int|u\d+)(\s+int)?\s*:\s*\d+\s*;/g, '')};`);
  const outer =
    problem === null ? [...walk(root)].find((node) => node.type === 'struct_specifier' || node.type === 'union_specifier') : undefined;
  const body = outer === undefined ? null : child(outer, 'body');
  if (body === null) return null;
  const members = membersOf(body, '');
  return members.length <= memberLimit ? { members } : null;
}

type Member = RecordText['members'][number];

/** Anonymous structures and unions are looked through; named ones give longer paths. */
function membersOf(body: CNode, prefix: string): Member[] {
  return named(body).flatMap((declaration): Member[] => {
    if (declaration.type !== 'field_declaration') return [];
    const type = child(declaration, 'type');
    const inner = type === null ? null : child(type, 'body');
    const declarators = childrenOf(declaration, 'declarator');
    if (inner !== null) {
      if (declarators.length === 0) return membersOf(inner, prefix);
      return declarators.flatMap((one) => {
        if (one.type === 'field_identifier') return membersOf(inner, `${prefix}${one.text}.`);
        // An array of structures is an array of each of their members.
        const [name, size] = one.type === 'array_declarator' ? [child(one, 'declarator'), child(one, 'size')] : [];
        if (name?.type !== 'field_identifier' || size == null) return [];
        return membersOf(inner, `${prefix}${name.text}[].`).flatMap((member) =>
          member.length === null ? [{ ...member, length: size.text }] : [],
        );
      });
    }
    return declarators.flatMap((own): Member[] => {
      const array = [...walk(own)].find((node) => node.type === 'array_declarator');
      const size = array === undefined ? null : child(array, 'size');
      const name = fieldName(own);
      if (name === null || (array !== undefined && size === null)) return [];
      return [{ path: `${prefix}${name}`, spelled: spelledType(declaration, own), length: size?.text ?? null }];
    });
  });
}

function fieldName(declarator: CNode | null): string | null {
  let node = declarator;
  while (node !== null && node.type !== 'field_identifier') {
    // `void (*done)(int n)`: the type of such a member is none of the model's.
    if (node.type === 'parenthesized_declarator') node = named(node)[0] ?? null;
    else if (node.type.endsWith('_declarator')) node = child(node, 'declarator');
    else return null;
  }
  return node?.type === 'field_identifier' ? node.text : null;
}
