export type XmlElement = {
  /** Without its prefix. */
  name: string
  /** Its own text and CDATA, joined, as it stands. */
  text: string
  /**
   * Nothing else stands in it than its text, as it is or all in one CDATA. Where an element, a comment or more
   * CDATA parts the text, readers differ: some take only the first part.
   */
  whole: boolean
  children: XmlElement[]
}
