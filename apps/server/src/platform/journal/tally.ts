/** The running count of one check of `verify`. */

export interface CheckResult {
  readonly name: string;
  /** Rows, accounts, events or tables looked at. */
  readonly checked: number;
  readonly failed: number;
  /** At most ten of what failed, in words. */
  readonly examples: readonly string[];
}

const EXAMPLES_MAX = 10;

/** Adds up one check over the shops. */
export class Tally {
  checked = 0;
  failed = 0;
  readonly examples: string[] = [];
  constructor(readonly name: string) {}
  fail(example: string): void {
    this.failed++;
    if (this.examples.length < EXAMPLES_MAX) this.examples.push(example);
  }
  result(): CheckResult {
    return { name: this.name, checked: this.checked, failed: this.failed, examples: this.examples };
  }
}
