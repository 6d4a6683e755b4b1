import type { ServiceEvent } from '../../shared/contract/port.ts';
import type { EntityName } from '../../shared/domain/entities.ts';

/** How long changes are gathered before views are told. */
const gatherMillis = 40;

/** Tells listeners what to refresh; many changes at once become one event. */
export class Events {
  private readonly listeners = new Set<(event: ServiceEvent) => void>();
  private readonly gathered = new Set<EntityName>();
  private timer: NodeJS.Timeout | null = null;

  subscribe(listener: (event: ServiceEvent) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  emit(event: ServiceEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  changed(entities: ReadonlySet<EntityName>): void {
    for (const entity of entities) this.gathered.add(entity);
    if (this.gathered.size === 0 || this.timer !== null) return;
    this.timer = setTimeout(() => this.flush(), gatherMillis);
  }

  /** Tells what was gathered now, if anything was. */
  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.gathered.size === 0) return;
    const entities = [...this.gathered];
    this.gathered.clear();
    this.emit({ event: 'changed', entities });
  }
}
