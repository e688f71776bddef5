/** Why a body is not read. For the log, and for a caller whose token could be found in it all the same. */
export type XmlProblem =
  | 'empty'
  | 'too-large'
  | 'encoding'
  | 'declaration'
  | 'depth'
  | 'size'
  | 'not-well-formed'
  | 'not-an-envelope'

/** What a caller who is known hears of it, so that they can mend it. */
export const problemTexts: Record<XmlProblem, string> = {
  empty: 'The request has no body.',
  'too-large': 'The body is too large.',
  encoding:
    'The body is not text in UTF-8, US-ASCII or ISO-8859-1, or its declaration and content type say different encodings.',
  declaration:
    'The XML has a document type, entities or a processing instruction, or its declaration is not one.',
  depth: 'The elements of the XML stand too deep in one another.',
  size: 'The XML has too many elements, attributes or references, or too long a name or text.',
  'not-well-formed':
    'The XML is not well-formed. Send the file as it is: curl loses line breaks with -d and keeps them with --data-binary.',
  'not-an-envelope': 'The root of the XML is neither ystorewsRequest nor ystorewsBulkRequest.',
}
