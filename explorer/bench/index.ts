/**
 * The benchmark.
 *
 * In: subjects. Out: measurements, ratios to what was recorded, Spin's figures on the same work. Never: printing.
 */
export { type Comparison, compare, type Recorded, readRecorded, record } from './compare.ts';
export { type Measurement, measure, median, type Subject } from './measure.ts';
export { measureSpin, type SpinFigures } from './spin.ts';
export { backEnds, toySubjects } from './subjects.ts';
