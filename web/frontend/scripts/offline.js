// Says so while the browser has no network.
const notice = document.getElementById("offline");

if (notice) {
  const tell = () => {
    notice.hidden = navigator.onLine;
  };
  addEventListener("offline", tell);
  addEventListener("online", tell);
  tell();
}
