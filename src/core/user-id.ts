/** The longest id of a user: of your software's users, and of people who act. In UTF-16 code units. */
export const MAX_USER_ID_LENGTH = 200;
