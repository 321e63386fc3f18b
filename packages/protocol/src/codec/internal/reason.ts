/** What was thrown, in words; never throws itself. */
export const reasonOf = (thrown: unknown): string => {
  try {
    return thrown instanceof Error && thrown.message !== '' ? thrown.message : String(thrown)
  } catch {
    return 'something that cannot be shown was thrown'
  }
}
