/**
 * A plot of a few lines as SVG.
 *
 * In: series of points. Out: one SVG text. Never: a colour alone that tells lines apart: each is named at its end, and dashed
 * in its own way, so that lines that coincide are seen.
 */
import type { Plot } from './run.ts';

const plane = { width: 520, height: 310, top: 50 };
/** Of a letter at 12 px, at most. */
const letterWidth = 7.2;
const lineHeight = 15;
/** Told apart by people who do not see red and green as different (Okabe and Ito). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];
const dashes = ['', '9 7', '2 4', '14 5 2 5'];
/** More points than this are a line without dots. */
const mostDots = 24;

/** Linear axes from 0 with labels at the quarters, or logarithmic ones from 1 with labels at the powers of ten. Texts are escaped. */
export function plotSvg(plot: Plot): string {
  const { title, x, y, series, logarithmic = false } = plot;
  const points = series.flatMap((each) => each.points);
  const [axisX, axisY] = [
    axisOf(
      points.map(([at]) => at),
      logarithmic,
    ),
    axisOf(
      points.map(([, value]) => value),
      logarithmic,
    ),
  ];
  const names = namesOf(plot);
  const left = 40 + Math.ceil(letterWidth * Math.max(...axisY.labels.map((value) => label(value).length)));
  const width = left + plane.width + 16 + Math.ceil(letterWidth * Math.max(0, ...names.map((name) => name.length)));
  const bottom = plane.top + plane.height;
  const height = bottom + 60;
  const atX = (value: number) => tenths(left + axisX.part(value) * plane.width);
  const atY = (value: number) => tenths(bottom - axisY.part(value) * plane.height);
  const places = spread(series.map(({ points: own }) => atY(own.at(-1)?.[1] ?? 0)));
  const lines = series.flatMap(({ points: own }, k) => {
    const colour = colours[k % colours.length];
    const dash = dashes[k % dashes.length];
    const drawn = own.map(([a, b]) => `${atX(a)},${atY(b)}`);
    const dots = own.length > mostDots ? [] : own.map(([a, b]) => `<circle cx="${atX(a)}" cy="${atY(b)}" r="3" fill="${colour}"/>`);
    return [
      `<polyline fill="none" stroke="${colour}" stroke-width="2.5"${dash === '' ? '' : ` stroke-dasharray="${dash}"`} points="${drawn.join(' ')}"/>`,
      ...dots,
      text(atX(own.at(-1)?.[0] ?? 0) + 9, (places[k] ?? 0) + 4, 'start', names[k] ?? '', ` fill="${colour}"`),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text(left + plane.width / 2, 24, 'middle', title, ' font-size="16"'),
    ...axisY.labels.flatMap((value) => [
      `<path stroke="#ddd" d="M${left} ${atY(value)}h${plane.width}"/>`,
      text(left - 8, atY(value) + 4, 'end', label(value)),
    ]),
    ...axisX.labels.map((value) => text(atX(value), bottom + 20, 'middle', label(value))),
    text(left + plane.width / 2, height - 16, 'middle', x),
    text(18, bottom - plane.height / 2, 'middle', y, ` transform="rotate(-90 18 ${bottom - plane.height / 2})"`),
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}

/** Each line's name with the value at its end, as it stands there. */
function namesOf({ series }: Plot): string[] {
  return series.map(({ name, points }) => `${name}: ${label(points.at(-1)?.[1] ?? 0)}`);
}

interface Axis {
  readonly labels: readonly number[];
  /** How far along the axis, from 0 to 1. */
  part(value: number): number;
}
function axisOf(values: readonly number[], logarithmic: boolean): Axis {
  const most = values.reduce((a, b) => Math.max(a, b), logarithmic ? 10 : 1);
  if (!logarithmic) return { labels: [0, 0.25, 0.5, 0.75, 1].map((part) => part * most), part: (value) => value / most };
  const powers = Array.from({ length: Math.floor(Math.log10(most)) + 1 }, (_, exponent) => 10 ** exponent);
  return { labels: powers, part: (value) => Math.log(Math.max(value, 1)) / Math.log(most) };
}

/** Heights of names, moved up where the next one below is too near. */
function spread(wanted: readonly number[]): number[] {
  const placed = [...wanted];
  const fromBelow = wanted.map((_, k) => k).sort((a, b) => (wanted[b] ?? 0) - (wanted[a] ?? 0) || a - b);
  let ceiling = Number.POSITIVE_INFINITY;
  for (const k of fromBelow) {
    placed[k] = Math.min(wanted[k] ?? 0, ceiling);
    ceiling = (placed[k] ?? 0) - lineHeight;
  }
  return placed;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
function label(value: number): string {
  return tenths(value).toLocaleString('en-US');
}
function text(atX: number, atY: number, anchor: string, content: string, more = ''): string {
  return `<text x="${atX}" y="${atY}" text-anchor="${anchor}"${more}>${escaped(content)}</text>`;
}
function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
