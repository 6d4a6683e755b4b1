import type { RouteRecordRaw } from 'vue-router';

export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/residents',
    name: 'residents',
    component: () => import('./ResidentListScreen.vue'),
    meta: { title: 'residents.title' },
  },
  {
    path: '/residents/:id',
    name: 'resident',
    component: () => import('./ResidentScreen.vue'),
    props: true,
    meta: { title: 'residents.personTitle' },
  },
  {
    path: '/households/:id',
    name: 'household',
    component: () => import('./HouseholdScreen.vue'),
    props: true,
    meta: { title: 'residents.householdTitle' },
  },
];
