// Events of the desk's own scripts. Those of htmx are in htmx.org.
interface HTMLElementEventMap {
  /** Something changed: what shows it is drawn anew. */
  deskChanged: CustomEvent<null>;
}

interface DocumentEventMap {
  /** The person whose page this is signed in again. */
  deskSignedIn: CustomEvent<null>;
}
