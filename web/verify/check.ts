import { viewOf } from './verdict_view.js';
import { MAX_FILE_SIZE, type Trust, verify } from './verify.js';

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

/** The chosen file's bytes, until its text is edited: they are checked as they are. */
let chosen: Uint8Array | undefined;

/** Shows what is wrong with a field, or nothing when `message` is empty. */
function tell(field: HTMLInputElement | HTMLTextAreaElement, message: string): void {
  const place = byId(`${field.id}-error`, HTMLElement);
  place.textContent = message;
  place.hidden = message === '';
  field.setAttribute('aria-invalid', String(message !== ''));
}

async function take(from: File | undefined): Promise<void> {
  if (from === undefined) return;
  result.replaceChildren();
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
  result.replaceChildren();
  if (!complete()) return;
  result.replaceChildren(viewOf(await verify(chosen ?? pasted(), trust())));
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  result.scrollIntoView({ behavior: still ? 'auto' : 'smooth', block: 'nearest' });
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
// A verdict must not stand beside a text or a key that it is not about.
form.addEventListener('input', () => result.replaceChildren());

for (const kind of ['dragover', 'dragleave', 'drop'] as const) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle('over', kind === 'dragover');
    if (kind === 'drop') void take(event.dataTransfer?.files[0]);
  });
}
