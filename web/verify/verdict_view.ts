import type { JsonValue } from './json.js';
import type { Accepted, Refused, Verdict } from './verify.js';

/** An element with children. Texts become text, never markup: a receipt's words are not ours. */
function element(tag: string, ...children: readonly (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  made.append(...children);
  return made;
}

// These say something of the key or the browser, and nothing of the receipt.
const NOT_CHECKED = ['key.form', 'crypto.unavailable', 'internal'];

/** The verdict in a few words. */
export function headlineOf(verdict: Verdict): string {
  if (verdict.ok) return 'This receipt is genuine';
  if (NOT_CHECKED.includes(verdict.code)) return 'The receipt could not be checked';
  return 'This receipt does not check out';
}

function heading(mark: string, verdict: Verdict): HTMLElement {
  const sign = element('span', mark);
  sign.className = 'mark';
  sign.setAttribute('aria-hidden', 'true');
  return element('h2', sign, headlineOf(verdict));
}

function facts(pairs: readonly (readonly [string, string | undefined])[]): HTMLElement {
  const list = element('dl');
  for (const [term, text] of pairs) {
    if (text !== undefined) list.append(element('dt', term), element('dd', text));
  }
  return list;
}

function shown(value: JsonValue): HTMLElement {
  return element('pre', typeof value === 'string' ? value : JSON.stringify(value, null, 2));
}

/** A moment in words, in UTC; the text itself where it is not a moment. */
function moment(time: string | number): string {
  const date = new Date(typeof time === 'number' ? time * 1000 : time);
  if (Number.isNaN(date.getTime())) return String(time);
  const words = date.toLocaleString('en-GB', {
    dateStyle: 'long', timeStyle: 'medium', timeZone: 'UTC',
  });
  return `${words} UTC`;
}

function openings(verdict: Accepted): HTMLElement[] {
  if (verdict.openings.length === 0) return [];
  const parts = verdict.openings.flatMap(({ name, path, value }) => [
    element('p', element('strong', name), ` (sealed in the entry at ${path})`),
    shown(value),
  ]);
  return [element('h3', 'What the sealed parts stand for, proven'), ...parts];
}

function limits(verdict: Accepted): HTMLElement[] {
  const list = element('ul');
  list.append(element('li', 'That what was recorded is true, or is all that happened.'));
  if (verdict.witnesses.length === 0) {
    list.append(element('li', 'That the log shows everybody the same history. Name its witnesses ' +
      'above to check that too.'));
  }
  return [element('h3', 'What this does not show'), list];
}

function accepted(verdict: Accepted): HTMLElement[] {
  const witnesses = verdict.witnesses.map(({ name, time }) => `${name}, ${moment(time)}`);
  return [
    heading('✓', verdict),
    element('p', 'The log signed that this entry is in it. Should the entry ever be changed or ' +
      'removed, this receipt proves that it was there.'),
    facts([
      ['Log', verdict.origin],
      ['Entry', `number ${verdict.index}, counted from 0`],
      ['Entries in the log', `${verdict.size} when it signed`],
      ['Recorded', verdict.time === undefined ? undefined : moment(verdict.time)],
      ['Seen by witnesses', witnesses.length === 0 ? undefined : witnesses.join('; ')],
    ]),
    ...openings(verdict),
    element('h3', 'The entry'),
    shown(verdict.entry),
    ...limits(verdict),
  ];
}

function refused(verdict: Refused): HTMLElement[] {
  return [
    heading('✗', verdict),
    element('p', verdict.message),
    facts([
      ['Expected', verdict.expected],
      ['Found', verdict.found],
      ['What to do', verdict.next],
    ]),
  ];
}

/** A verdict in words, as an element of the page. */
export function viewOf(verdict: Verdict): HTMLElement {
  const view = element('div', ...(verdict.ok ? accepted(verdict) : refused(verdict)));
  view.className = verdict.ok ? 'verdict good' : 'verdict bad';
  return view;
}
