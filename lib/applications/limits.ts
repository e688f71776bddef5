/** Characters of what a company tells of itself, and of the answer to it. */
export const maxLengths = {
  company: 200,
  address: 500,
  contact: 200,
  phone: 50,
  description: 2000,
  answer: 500,
}
export const applicationsPerPage = 20
