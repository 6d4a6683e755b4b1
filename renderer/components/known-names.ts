import { inject, provide, type InjectionKey } from 'vue';

/** Name of the person, household or worker with this id, or null when what is on screen does not tell. */
export type NameOf = (id: string) => string | null;

const namesKey: InjectionKey<NameOf> = Symbol('known-names');

/** The names known where this component stands. */
export const useNames = (): NameOf => inject(namesKey, () => () => null, true);

/** Tells everything inside this component names it knows, beside those known outside. */
export function provideNames(known: NameOf): void {
  const outer = useNames();
  provide(namesKey, (id) => known(id) ?? outer(id));
}
