import type { Centre } from './centre.ts';
import type { Device } from './device.ts';
import type { Figure } from './figure.ts';
import type { Group } from './options.ts';
import type { Plain } from './plain.ts';

/** What the measurements of one run share. */
export interface Run {
  readonly folder: string;
  readonly residents: number;
  readonly centre: Centre;
  readonly device: Device;
  readonly plain: Plain;
  /** Ids to ask about. */
  readonly people: readonly Person[];
  readonly households: readonly string[];
  readonly wants: (group: Group) => boolean;
  readonly report: (figure: Figure) => void;
  readonly say: (line: string) => void;
}

export interface Person {
  readonly id: string;
  readonly area: string;
  readonly name: string;
  readonly idNo: string;
  readonly community: string;
  readonly compound: string;
  readonly building: string;
}
