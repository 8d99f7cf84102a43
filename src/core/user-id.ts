/** The longest id of a user, of the host's or of an acting person, in UTF-16 code units. */
export const MAX_USER_ID_LENGTH = 200;
