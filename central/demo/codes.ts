/*
 * The codes the demonstration writes, by their meaning. Each is one of shared/domain/code-sets.ts; a test says so.
 */
export const codes = {
  living: { alive: 'alive', deceased: 'deceased' },
  employment: {
    employed: 'employed',
    selfEmployed: 'self-employed',
    unemployed: 'unemployed',
    retired: 'retired',
    student: 'student',
    home: 'home',
    unable: 'unable',
    none: 'none',
  },
  insurance: { employee: 'employee', resident: 'resident', none: 'none' },
  /** GB/T 2261.3 */
  health: { good: '1', weak: '2', chronic: '3', disabled: '6' },
  residence: { resident: 'resident', away: 'away', rentedIn: 'rented-in', movedOut: 'moved-out' },
  tags: {
    alone: 'alone',
    emptyNest: 'empty-nest',
    aged: 'aged',
    severe: 'severe-disability',
    leftBehind: 'left-behind-child',
    migrantChild: 'migrant-child',
  },
  relief: { destitute: 'destitute', minimum: 'minimum', edge: 'edge', rigid: 'rigid' },
  housing: { owned: 'owned', rented: 'rented', publicRented: 'public-rented' },
  organisation: { committee: 'committee', association: 'association', privateUnit: 'private-unit' },
  organisationStatus: { normal: 'normal' },
  condition: { good: 'good', fair: 'fair', poor: 'poor' },
} as const;
