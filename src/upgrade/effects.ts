/**
 * What a migration's script leaves in the catalog of the database, read from its SQL: by it, a migration whose end was not recorded is
 * told to be there or not.
 */
import { literal, quoted } from '../target/quoted.ts';
import { statementsOf, type Token } from './sql-tokens.ts';

/** Conditions in SQL, all true once the script was run; empty where nothing shows in the catalog. Running such a script twice does no harm. */
export function effectsOf(script: string): readonly string[] {
  const effects = new Map<string, string>();
  for (const statement of statementsOf(script)) {
    for (const { object, holds } of effectsOfStatement(statement)) effects.set(object, holds);
  }
  return [...effects.values()];
}

/**
 * True where the whole script is one transaction together with what stands before it in the same message: it has no transaction of its
 * own but at most one around all of it, and nothing that PostgreSQL refuses inside one.
 */
export function isOneTransaction(script: string): boolean {
  const statements = statementsOf(script);
  const first = statements.findIndex(isTransactionBegin);
  const last = statements.findIndex(isTransactionEnd);
  const around = first <= 0 && (last === -1 || last === statements.length - 1);
  const once = statements.filter(isTransactionBegin).length <= 1;
  return around && once && !statements.some(standsAlone);
}

const isTransactionBegin = ([first, second]: readonly Token[]) =>
  first?.kind === 'word' && (first.value === 'BEGIN' || (first.value === 'START' && second?.value === 'TRANSACTION'));
const isTransactionEnd = ([first]: readonly Token[]) =>
  first?.kind === 'word' && ['COMMIT', 'END', 'ROLLBACK', 'ABORT'].includes(first.value);
const standsAlone = (statement: readonly Token[]) =>
  statement[0]?.kind === 'word' &&
  (['VACUUM', 'REINDEX', 'CLUSTER'].includes(statement[0].value) ||
    statement.some(({ kind, value }) => kind === 'word' && value === 'CONCURRENTLY'));

interface Effect {
  /** What it is about: a later effect on the same object counts alone. */
  readonly object: string;
  readonly holds: string;
}

function effectsOfStatement(statement: readonly Token[]): readonly Effect[] {
  const words = new Words(statement);
  if (words.take('CREATE')) return created(words);
  if (words.take('DROP')) return dropped(words);
  if (words.take('ALTER', 'TABLE')) return altered(words);
  if (words.take('ALTER', 'TYPE')) return labelled(words);
  return [];
}

function created(words: Words): readonly Effect[] {
  words.take('UNIQUE');
  if (words.take('TABLE')) return [relation(words.name(), true)];
  if (words.take('INDEX')) {
    words.take('CONCURRENTLY');
    const name = words.at('ON') ? null : words.name();
    // An index without a name gets one from the server.
    return name === null || name === '' ? [] : [relation(name, true)];
  }
  if (words.take('TYPE')) return [type(words.name(), true)];
  return [];
}

function dropped(words: Words): readonly Effect[] {
  if (words.take('TABLE')) return words.names().map((name) => relation(name, false));
  if (words.take('INDEX')) {
    words.take('CONCURRENTLY');
    return words.names().map((name) => relation(name, false));
  }
  if (words.take('TYPE')) return words.names().map((name) => type(name, false));
  return [];
}

function altered(words: Words): readonly Effect[] {
  words.take('ONLY');
  const table = words.name();
  return words.actions().flatMap((action): readonly Effect[] => {
    if (action.take('ADD', 'CONSTRAINT')) return [constraint(table, action.name(), true)];
    if (action.take('DROP', 'CONSTRAINT')) return [constraint(table, action.name(), false)];
    if (action.take('RENAME', 'TO')) return [relation(table, false), relation(action.name(), true)];
    if (action.take('RENAME', 'CONSTRAINT')) return [];
    if (action.take('RENAME')) {
      action.take('COLUMN');
      const from = action.name();
      action.take('TO');
      return [column(table, from, false), column(table, action.name(), true)];
    }
    if (action.take('ADD')) {
      if (['PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN', 'EXCLUDE'].some((word) => action.at(word))) return [];
      action.take('COLUMN');
      return [column(table, action.name(), true)];
    }
    if (action.take('DROP')) {
      action.take('COLUMN');
      return [column(table, action.name(), false)];
    }
    return [];
  });
}

function labelled(words: Words): readonly Effect[] {
  const name = words.name();
  if (!words.take('ADD', 'VALUE')) return [];
  const label = words.name();
  const found = `exists (select from pg_enum where enumtypid = to_regtype(${literal(`public.${quoted(name)}`)}) and enumlabel = ${literal(label)})`;
  return [{ object: `label ${name} ${label}`, holds: found }];
}

const regclass = (name: string) => `to_regclass(${literal(`public.${quoted(name)}`)})`;

function relation(name: string, exists: boolean): Effect {
  return { object: `relation ${name}`, holds: `${regclass(name)} is ${exists ? 'not ' : ''}null` };
}

function type(name: string, exists: boolean): Effect {
  return {
    object: `type ${name}`,
    holds: `to_regtype(${literal(`public.${quoted(name)}`)}) is ${exists ? 'not ' : ''}null`,
  };
}

function column(table: string, name: string, exists: boolean): Effect {
  const found = `exists (select from pg_attribute where attrelid = ${regclass(table)} and attname = ${literal(name)} and not attisdropped)`;
  return { object: `column ${table} ${name}`, holds: exists ? found : `not ${found}` };
}

function constraint(table: string, name: string, exists: boolean): Effect {
  const found = `exists (select from pg_constraint where conrelid = ${regclass(table)} and conname = ${literal(name)})`;
  return { object: `constraint ${table} ${name}`, holds: exists ? found : `not ${found}` };
}

/** Reads a statement from its beginning. */
class Words {
  readonly #tokens: readonly Token[];
  #place = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  at(word: string): boolean {
    const token = this.#tokens[this.#place];
    return token?.kind === 'word' && token.value === word;
  }

  /** True, and one further, where all these words come next. */
  take(...words: readonly string[]): boolean {
    const place = this.#place;
    for (const word of words) {
      if (!this.at(word)) {
        this.#place = place;
        return false;
      }
      this.#place += 1;
    }
    return true;
  }

  /** A name of `public`, behind IF [NOT] EXISTS where that stands there. Empty at the end. */
  name(): string {
    if (this.take('IF')) {
      this.take('NOT');
      this.take('EXISTS');
    }
    let name = this.#tokens[this.#place++]?.name ?? '';
    while (this.#tokens[this.#place]?.value === '.') {
      name = this.#tokens[this.#place + 1]?.name ?? '';
      this.#place += 2;
    }
    return name;
  }

  names(): readonly string[] {
    const names = [this.name()];
    while (this.#tokens[this.#place]?.value === ',') {
      this.#place += 1;
      names.push(this.name());
    }
    return names;
  }

  /** What is left, at the commas outside of parentheses. */
  actions(): readonly Words[] {
    const actions: Token[][] = [[]];
    let depth = 0;
    for (const token of this.#tokens.slice(this.#place)) {
      if (token.kind === 'sign') depth += token.value === '(' ? 1 : token.value === ')' ? -1 : 0;
      if (depth === 0 && token.kind === 'sign' && token.value === ',') actions.push([]);
      else actions.at(-1)?.push(token);
    }
    return actions.map((tokens) => new Words(tokens));
  }
}
