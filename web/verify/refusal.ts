/** What a refusal tells besides its code and message. */
export interface Particulars {
  readonly expected?: string;
  readonly found?: string;
  readonly next?: string;
}

/**
 * Something that was to be checked does not hold. Thrown inside the verifier and turned into a
 * verdict by `verify`. The message is one sentence for a member of the public; it names fields,
 * never a value of somebody's data.
 */
export class Refusal extends Error {
  readonly code: string;
  readonly particulars: Particulars;

  constructor(code: string, message: string, particulars: Particulars = {}) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.particulars = particulars;
  }
}
