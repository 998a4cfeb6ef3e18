/** What `patch --ablate` found: for each piece of the patch what becomes of the verdicts without it, those that matter first. */
import { escapeText, type PatchReport } from '../../checks/index.ts';
import { duration } from './numbers.ts';
import { costText } from './sidesText.ts';
import { table } from './table.ts';
import { wrapped } from './wrapped.ts';

type Ablation = NonNullable<PatchReport['ablation']>;
type Piece = Ablation['pieces'][number];
type Effect = Piece['effects'][number]['effect'];

const order = ['fix', 'defect', 'needed', 'unmet', 'open', 'nothing', 'notJudged', 'notTried'] as const;
const effectNames: Readonly<Record<Effect, string>> = {
  fix: 'CARRIES THE FIX of',
  defect: 'CARRIES THE DEFECT: gone without it:',
  needed: 'NEEDED: broken without it:',
  unmet: 'without it the scenarios do not come as far: other occasions for',
  open: 'open:',
};

/** A sentence, then a row for each piece. Nothing was asked for: no lines. */
export function ablationLines({ ablation }: Pick<PatchReport, 'ablation'>, width: number): string[] {
  if (ablation === undefined) return [];
  const { pieces, milliseconds, budgetMs } = ablation;
  const tried = pieces.filter(({ verdict }) => verdict !== 'notTried').length;
  const heading = `Each piece of the patch reverted on its own: ${tried} of ${pieces.length} tried in ${duration(milliseconds)} of ${duration(budgetMs)}`;
  const rows = [...pieces]
    .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
    .map((piece) => [where(piece), what(piece), findings(piece).join('; ')]);
  return [
    `${heading}.`,
    ...sentence(ablation).flatMap((line) => wrapped(line, 100, '  ')),
    ...(rows.length === 0 ? [] : [table(['line', 'reverted', 'without it'], rows, { wrap: ['reverted', 'without it'], width })]),
  ];
}

/** What a reply would quote. */
function sentence({ pieces }: Ablation): string[] {
  // A statement says more than the hunk that it is in.
  const said = (verdict: Piece['verdict']): Piece[] => {
    const own = pieces.filter((piece) => piece.verdict === verdict);
    const small = own.filter(({ kind }) => kind === 'statement' || kind === 'condition');
    return small.length > 0 ? small : own;
  };
  const names = (found: readonly Piece[]): string =>
    found.map((piece) => `line ${piece.line}${piece.kind === 'condition' ? ' (its condition)' : ''}`).join(', ');
  const of = (text: string, found: readonly Piece[]): string[] => (found.length === 0 ? [] : [`${text}: ${names(found)}.`]);
  return [
    ...of('The fix is carried by', said('fix')),
    ...of('The defect is carried by', said('defect')),
    ...of('Not for the fix, and needed', said('needed')),
    ...of('No verdict depends on', said('nothing')),
  ];
}

const marks = { added: '+', removed: '-', both: '-+' } as const;

function where({ line, side }: Piece): string {
  return `${marks[side]}${line}`;
}

function what({ kind, text, hunk, line, lastLine }: Piece): string {
  const head =
    kind === 'hunk'
      ? `hunk ${hunk}: `
      : kind === 'condition'
        ? 'condition: '
        : kind === 'change' && lastLine > line
          ? `${lastLine - line + 1} lines: `
          : '';
  return `${head}${escapeText(text, 100)}`;
}

function findings(piece: Piece): string[] {
  const { verdict, reason, effects, costs, leftOut } = piece;
  if (verdict === 'notTried') return ['not tried: no time'];
  if (verdict === 'notJudged') return [`not judged: ${escapeText(reason ?? '', 200)}`];
  const told = (Object.keys(effectNames) as Effect[]).flatMap((effect) => {
    const own = effects.filter((each) => each.effect === effect);
    return own.length === 0 ? [] : [`${effectNames[effect]} ${byProperty(own)}`];
  });
  const left = leftOut.length === 0 ? [] : [`not tried in ${leftOut.join(', ')}`];
  const cost = costs
    .filter(({ id }) => !effects.some((each) => each.id === id))
    .map((each) => `${each.scenario} ${each.id}: ${costText(each)}`);
  return [...(told.length === 0 ? [left.length === 0 ? 'no verdict differs' : 'no verdict differs so far'] : told), ...cost, ...left];
}

function byProperty(effects: Piece['effects']): string {
  const found = new Map<string, string[]>();
  for (const { id, scenario } of effects) found.set(id, [...(found.get(id) ?? []), scenario]);
  return [...found].map(([id, scenarios]) => `${id} (${scenarios.join(', ')})`).join(', ');
}
