import type { CallName } from '../../shared/contract/calls.ts';

/**
 * The service refused a call, could not be reached, or answered outside the contract. Never an expected failure: those
 * come as `Result` values. `code` is stable and fit for small print.
 */
export class CallError extends Error {
  readonly code: string;
  readonly call: CallName;

  constructor(code: string, call: CallName, options?: ErrorOptions) {
    super(`${call}: ${code}`, options);
    this.name = 'CallError';
    this.code = code;
    this.call = call;
  }
}
