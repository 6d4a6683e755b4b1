import type { RouteRecordRaw } from 'vue-router';

export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/unlock',
    name: 'unlock',
    component: () => import('./UnlockScreen.vue'),
    meta: { open: true, bare: true, title: 'unlock.title' },
  },
  {
    path: '/first-load',
    name: 'first-load',
    component: () => import('./FirstLoadScreen.vue'),
    meta: { bare: true, title: 'unlock.load.title' },
  },
];
