/**
 * The fields that a property looks at: what a reader of its counterexample wants to see change.
 */
import {
  calleesOf,
  type Hook,
  type PropertyDescription,
  placeOf,
  type Stmt,
  type SystemDescription,
  visitStmts,
} from '../compiler/index.ts';

/** `table.path`, sorted; of the predicate, or of the monitors and what they are attached to. Empty for assertions. */
export function propertyFields(description: SystemDescription, property: PropertyDescription): string[] {
  switch (property.kind) {
    case 'state':
    case 'reachable':
    case 'progress':
      return sorted(fieldsRead(description, [property.predicate]));
    case 'event': {
      // A hook without a result records for others; a monitor's result says that it is one.
      const monitors = property.hooks.filter((hook) => description.procedures.get(hook.procedure)?.result.kind !== 'void');
      const fields = fieldsRead(
        description,
        monitors.map((hook) => hook.procedure),
      );
      return sorted([...fields, ...monitors.flatMap(attachedField)]);
    }
    case 'assertion':
      return [];
  }
}

function attachedField({ event }: Hook): string[] {
  return 'field' in event ? [`${event.table}.${event.field}`] : [];
}

function fieldsRead(description: SystemDescription, procedures: readonly string[]): string[] {
  const fields: string[] = [];
  const seen = new Set<string>();
  const todo = [...procedures];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const body = description.procedures.get(name)?.body ?? [];
    visitStmts(body, (stmt: Stmt) => {
      const place = placeOf(stmt);
      if (place !== null) fields.push(`${place.table}.${place.field}`);
    });
    todo.push(...calleesOf(body));
  }
  return fields;
}

function sorted(fields: readonly string[]): string[] {
  return [...new Set(fields)].sort();
}

/** Procedures that run at events for the checker's sake: monitors and recording hooks. */
export function hookProcedures(description: SystemDescription): ReadonlySet<string> {
  const hooks = [...description.hooks, ...description.properties.flatMap((property) => (property.kind === 'event' ? property.hooks : []))];
  return new Set(hooks.map((hook) => hook.procedure));
}
