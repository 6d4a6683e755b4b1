/// <reference types="vite/client" />
import type { Bridge } from '../shared/contract/port.ts';

declare global {
  interface Window {
    /** Put there by the preload; `app/client.ts` is its only user. */
    readonly doorstep: Bridge;
  }
}
