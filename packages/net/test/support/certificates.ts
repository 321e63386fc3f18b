export { certificateAuthority as authority, selfSigned } from '@sluice/testing'

const DAY_MS = 24 * 60 * 60 * 1000

export const daysFromNow = (days: number): Date => new Date(Date.now() + days * DAY_MS)
