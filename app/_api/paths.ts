/** What all addresses of the management API begin with. */
export const managementApiPath = '/api/v1/'
