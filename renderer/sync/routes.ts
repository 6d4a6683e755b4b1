import type { RouteRecordRaw } from 'vue-router';

export const routes: readonly RouteRecordRaw[] = [
  { path: '/sync', name: 'sync', component: () => import('./SyncScreen.vue'), meta: { title: 'sync.title' } },
];
