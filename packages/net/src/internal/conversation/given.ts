/** `T`, inferred elsewhere: what stands here has to fit, and an error is said of what stands here. */
export type Given<T> = [T][T extends unknown ? 0 : never]
