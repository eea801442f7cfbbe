import { headlineOf, viewOf } from './verdict_view.js';
import { MAX_FILE_SIZE, type Trust, type Verdict, verify } from './verify.js';

function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${id}`);
  return found;
}

const form = byId('form', HTMLFormElement);
const receipt = byId('receipt', HTMLTextAreaElement);
const file = byId('file', HTMLInputElement);
const drop = byId('drop', HTMLDivElement);
const key = byId('key', HTMLInputElement);
const origin = byId('origin', HTMLInputElement);
const witnesses = byId('witnesses', HTMLTextAreaElement);
const result = byId('result', HTMLElement);
const status = byId('status', HTMLElement);

/** The chosen file's bytes, until its text is edited: they are checked as they are. */
let chosen: Uint8Array | undefined;

/** Counts what was asked: a check that ends after something else was entered shows nothing. */
let asked = 0;

/** Shows what is wrong with a field, or nothing when `message` is empty. */
function tell(field: HTMLInputElement | HTMLTextAreaElement, message: string): void {
  const place = byId(`${field.id}-error`, HTMLElement);
  place.textContent = message;
  place.hidden = message === '';
  field.setAttribute('aria-invalid', String(message !== ''));
}

/** Takes the verdict away: it must not stand beside a text or a key that it is not about. */
function clear(): void {
  ++asked;
  result.replaceChildren();
  status.textContent = '';
}

function show(verdict: Verdict): void {
  result.replaceChildren(viewOf(verdict));
  status.textContent = `${headlineOf(verdict)}. ${verdict.ok ? '' : verdict.message}`;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  result.scrollIntoView({ behavior: still ? 'auto' : 'smooth', block: 'nearest' });
}

async function take(from: File | undefined): Promise<void> {
  if (from === undefined) return;
  clear();
  if (from.size > MAX_FILE_SIZE) {
    tell(receipt, 'That file is too large to be a receipt.');
    return;
  }
  chosen = new Uint8Array(await from.arrayBuffer());
  receipt.value = new TextDecoder().decode(chosen);
  tell(receipt, '');
}

/** What was pasted, with one newline at its end: copying by hand often loses or adds some. */
function pasted(): string {
  return `${receipt.value.trim()}\n`;
}

function trust(): Trust {
  const name = origin.value.trim();
  return {
    logKey: key.value.trim(),
    witnessKeys: witnesses.value.split('\n').map((line) => line.trim()).filter(Boolean),
    ...(name === '' ? {} : { origin: name }),
  };
}

/** Whether both fields are filled in; if not, says so beside them and moves to the first. */
function complete(): boolean {
  tell(receipt, receipt.value.trim() === '' ? 'Choose or paste a receipt.' : '');
  tell(key, key.value.trim() === '' ? 'Enter the public key of the log.' : '');
  const missing = [receipt, key].find((field) => field.getAttribute('aria-invalid') === 'true');
  missing?.focus();
  return missing === undefined;
}

async function check(): Promise<void> {
  clear();
  if (!complete()) return;
  const mine = asked;
  const verdict = await verify(chosen ?? pasted(), trust());
  if (mine === asked) show(verdict);
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void check();
});
file.addEventListener('change', () => void take(file.files?.[0]));
receipt.addEventListener('input', () => {
  chosen = undefined;
  file.value = '';
});
form.addEventListener('input', clear);

// Anywhere on the page: a file that misses its place would make the browser leave.
for (const kind of ['dragover', 'dragleave', 'drop'] as const) {
  document.addEventListener(kind, (event) => {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    drop.classList.toggle('over', kind === 'dragover');
    if (kind === 'drop') void take(event.dataTransfer.files[0]);
  });
}
