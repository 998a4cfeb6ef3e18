/**
 * The export to Promela: a compiled system as a model for Spin, for a second opinion.
 *
 * In: a compiled system. Out: a Promela model and the C that it embeds. Never: a search, the packed layout, a name of the
 * model outside comments.
 */
export { type PromelaModel, promelaOf } from './model.ts';
