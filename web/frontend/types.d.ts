// Events of the desk's own scripts. Those of htmx are in htmx.org.
interface HTMLElementEventMap {
  /** Something changed: what shows it is drawn anew. */
  deskChanged: CustomEvent<null>;
  /** The key by which this page says that its person is at a share. */
  deskSeat: CustomEvent<string>;
  /** Who else is there, as JSON. */
  deskHere: CustomEvent<string>;
}

interface DocumentEventMap {
  /** The person whose page this is signed in again. */
  deskSignedIn: CustomEvent<null>;
}
