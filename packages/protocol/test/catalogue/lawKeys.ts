/** The laws by a short name, each as a test title says it. */
export const LAWS = {
  roundTrip: 'reads back what it wrote, however it is cut [R15]',
  chunkIndependence: 'gives the same messages and the same error for every cut of any bytes [R4]',
  unreadBytes: 'hands back exactly the bytes no frame has taken [R4]',
  truncation: 'calls a frame cut off at any byte truncated [R13]',
  limits: 'takes a frame of its limit, and not one byte more, both ways [R16]',
  silenceAfterError: 'says nothing after its first error but that error [R17]',
  survival: 'never throws, loops or hoards, whatever the bytes [R18]',
  stopAndResume: 'stops where it is told to, and goes on with nothing lost [R3]',
  wholeOrNothing: 'writes a whole message or nothing [R8]',
  isolation: 'keeps the connections it serves apart [R12]',
  framesStay: 'leaves its chunks and the frames it gave away as they are [R20]',
} as const

/** See {@link LAWS}. */
export type LawKey = keyof typeof LAWS
