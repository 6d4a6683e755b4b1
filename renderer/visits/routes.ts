import type { RouteRecordRaw } from 'vue-router';

export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/today',
    name: 'today',
    component: () => import('./TodayScreen.vue'),
    meta: { title: 'visits.today.title' },
  },
  {
    path: '/visits/:id',
    name: 'visit',
    component: () => import('./VisitRoute.vue'),
    props: true,
    meta: { title: 'visits.visit.title' },
  },
];
