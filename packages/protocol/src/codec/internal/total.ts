/** A predicate that throws says no. */
export const total =
  <A>(is: (value: A) => boolean) =>
  (value: A): boolean => {
    try {
      return is(value)
    } catch {
      return false
    }
  }
