import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router';
import { leaveNotices } from '../components/use-notices.ts';
import { isUsable } from './pill.ts';
import { useSyncStore } from './sync-store.ts';
import { useVaultStore } from './vault-store.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** May be seen without unlocking. */
    open?: boolean;
    /** Fills the window, without rail and top bar. */
    bare?: boolean;
    /** Key of the window's title. */
    title?: string;
  }
}

const areas = import.meta.glob<{ routes: readonly RouteRecordRaw[] }>('../*/routes.ts', { eager: true });

/** Each area brings its routes; screens inside them load when first shown. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    ...Object.values(areas).flatMap((area) => area.routes),
    { path: '/', redirect: '/today' },
    { path: '/:rest(.*)*', name: 'lost', component: () => import('./LostScreen.vue') },
  ],
});

/** Nothing but unlocking and the first load can be seen before there is something to see. */
router.beforeEach(async (to) => {
  const vault = useVaultStore();
  if (vault.status === null) await vault.refresh();
  const unlocked = vault.status?.state === 'unlocked';
  if (!unlocked) return to.meta.open === true ? true : { name: 'unlock' };
  const sync = useSyncStore();
  if (sync.status === null) await sync.refresh();
  const empty = sync.status !== null && !isUsable(sync.status);
  if (to.name === 'unlock') return { name: empty ? 'first-load' : 'today' };
  if (empty && to.name !== 'first-load' && to.path !== '/settings' && to.path !== '/sync')
    return { name: 'first-load' };
  return true;
});

/** What was told on one page is no news on another, and its undo does not apply there. */
router.afterEach((to, from, failure) => {
  if (failure === undefined && to.path !== from.path) leaveNotices();
});
