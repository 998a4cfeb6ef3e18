/**
 * What there is to check, and a page about each part of it.
 *
 * In: names. Out: reports. Never: a sentence that the model's own data does not hold.
 */
import { scenarios } from '../model/index.ts';
import { type Property, properties, tdpForms } from '../properties/index.ts';
import { boundsText } from './boundsText.ts';
import { propertiesFor } from './describeSystem.ts';
import { unknownName } from './errors.ts';
import type { ExplainReport, ListReport } from './results.ts';
import { findScenario, findVariant, presetNames, scenarioId } from './select.ts';
import { functionNames } from './sources.ts';

export function listModel(): ListReport {
  return {
    scenarios: scenarios.map((scenario) => ({
      id: scenarioId(scenario),
      title: scenario.title,
      era: scenario.era,
      presets: [...presetNames],
      variants: scenario.variants.map((variant) => variant.name),
      properties: [...scenario.properties],
    })),
    properties: properties.map(({ id, name, kind, statement }) => ({ id, name, kind, statement })),
  };
}

/** A scenario (`3.3-B`), a variant of one (`3.3-B posted`) or a property (`I-10`). Throws WrongUse for anything else. */
export function explain(words: readonly string[]): ExplainReport {
  const [name = '', variant] = words;
  if (variant !== undefined) return explainVariant(name, variant);
  const property = properties.find((each) => sameName(each.id, name) || sameName(each.name, name));
  if (property !== undefined) return explainProperty(property);
  if (scenarios.some((scenario) => sameName(scenario.name, name))) return explainScenario(name);
  throw unknownName('scenario or property', name, [...scenarios.map(scenarioId), ...properties.flatMap((each) => [each.id, each.name])]);
}

function sameName(left: string, right: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_-]/g, '');
  return plain(left) === plain(right);
}

function explainScenario(name: string): ExplainReport {
  const scenario = findScenario(name);
  return {
    kind: 'scenario',
    id: scenarioId(scenario),
    title: scenario.title,
    sections: [
      { heading: 'What happens', lines: [scenario.about] },
      {
        heading: 'Who runs',
        lines: scenario.presets.small.processes.map(({ title, procedure, kind }) => `${title}: ${procedure}() (${kind})`),
      },
      { heading: 'Bounds', lines: presetNames.map((preset) => `${preset}: ${boundsText(scenario.presets[preset].bounds)}`) },
      {
        heading: 'Variants and what they are expected to violate',
        lines: scenario.variants.map(({ name: variant, title, violated }) => `${variant} (${title}): ${violated.join(', ') || 'nothing'}`),
      },
      { heading: 'Properties', lines: scenario.properties.map((id) => `${id} ${properties.find((each) => each.id === id)?.name ?? ''}`) },
      { heading: 'A run is vacuous unless it reaches', lines: scenario.interesting.map((state) => state.name) },
      { heading: 'Files', lines: [...scenario.files] },
    ],
  };
}

function explainVariant(scenarioName: string, variantName: string): ExplainReport {
  const scenario = findScenario(scenarioName);
  const variant = findVariant(scenario, variantName);
  return {
    kind: 'variant',
    id: `${scenarioId(scenario)} ${variant.name}`,
    title: variant.title,
    sections: [
      { heading: `Which form it is of what the scenario is about (${scenario.era})`, lines: [...(variant.forms ?? [])] },
      { heading: 'Expected to violate', lines: variant.violated.length === 0 ? ['nothing'] : [...variant.violated] },
      {
        heading: 'Procedures that it replaces',
        lines:
          variant.replacing.length === 0
            ? ['none: it is the model as it stands']
            : variant.replacing.map((file) => `${file}: ${functionNames(file).join(', ')}`),
      },
      { heading: 'Properties that are not asked of it', lines: (variant.exempt ?? []).map(({ id, reason }) => `${id}: ${reason}`) },
    ].filter(({ lines }) => lines.length > 0),
  };
}

function explainProperty(property: Property): ExplainReport {
  const forms = [property, ...tdpForms.filter(({ id }) => id === property.id)];
  const users = scenarios.filter((scenario) =>
    scenario.variants.some((variant) => propertiesFor(scenario, variant).some(({ id }) => id === property.id)),
  );
  const violations = scenarios.flatMap((scenario) =>
    scenario.variants
      .filter((variant) => variant.violated.includes(property.id))
      .map((variant) => `${scenarioId(scenario)} ${variant.name}: ${variant.title}`),
  );
  const { mutant } = property;
  return {
    kind: 'property',
    id: property.id,
    title: property.name,
    sections: [
      { heading: 'Statement', lines: [property.statement] },
      { heading: 'When', lines: [whenOf(property)] },
      { heading: "The kernel's own expression", lines: [property.kernelExpression] },
      { heading: 'Checked in', lines: users.map(scenarioId) },
      { heading: 'Violated by', lines: violations.length === 0 ? ['no built-in variant'] : violations },
      {
        heading: 'Mutant that it kills',
        lines:
          mutant === null
            ? ['none']
            : [`${mutant.operator} on "${mutant.statement}" in ${mutant.procedure}() of ${mutant.variant}, scenario ${mutant.scenario}`],
      },
      ...forms.slice(1).map((form) => ({ heading: 'In the TDP MMU', lines: [form.statement, whenOf(form), form.kernelExpression] })),
      { heading: 'Files', lines: forms.map(({ file }) => file) },
    ],
  };
}

/** When a property is asked. */
export function whenOf(property: Property): string {
  if (property.kind === 'event') return `at: ${[...new Set(property.hooks.map(({ event }) => eventText(event)))].join('; ')}`;
  if (property.kind === 'deadlock') return 'in states from which some thread cannot go on';
  if (property.kind === 'progress') return 'along every fair run: what it says is owed may not be owed for ever';
  if (property.kind === 'assertion') return 'at: assertions in the procedures that name it';
  switch (property.scope.kind) {
    case 'always':
      return 'in every state';
    case 'noWriter':
      return `in states in which nobody holds ${property.scope.table}.${property.scope.field} for write`;
    case 'quiescent':
      return 'at rest: every process that must end has ended or waits for work';
  }
}

/** `write of vcpus.mode`, `call of f()`. */
export function eventText(event: (Property & { kind: 'event' })['hooks'][number]['event']): string {
  return 'procedure' in event
    ? `${event.on} of ${event.procedure}()`
    : `${event.on} of ${event.table}${'field' in event ? `.${event.field}` : ''}`;
}
