/** Why a body is not read. For the log: the caller hears 10009, since no token is proven. */
export type XmlProblem =
  | 'empty'
  | 'too-large'
  | 'encoding'
  | 'declaration'
  | 'depth'
  | 'size'
  | 'not-well-formed'
  | 'not-an-envelope'
