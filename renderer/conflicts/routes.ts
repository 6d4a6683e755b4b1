import type { RouteRecordRaw } from 'vue-router';

export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/conflicts/:id?',
    name: 'conflicts',
    component: () => import('./ConflictsScreen.vue'),
    props: true,
    meta: { title: 'conflicts.title' },
  },
];
