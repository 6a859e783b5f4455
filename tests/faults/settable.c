/* A wall clock that a test may set while its processes run, by LD_PRELOAD.

   libfaketime would do, but it also stands before every wait of every thread, and
   makes handing the interpreter's lock over a hundred times slower. Sleep, waits and
   the clocks that can't be set stay as they are here. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL

static const volatile int64_t *ahead; /* nanoseconds: the file that the test writes */

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("AHEAD_FILE");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *seen = mmap(NULL, sizeof *ahead, PROT_READ, MAP_SHARED, file, 0);
    if (seen != MAP_FAILED) ahead = seen;
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real)
        real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, at);
    if (failed || !ahead || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
        return failed;
    int64_t shown = at->tv_sec * SECOND + at->tv_nsec + *ahead;
    at->tv_sec = shown / SECOND;
    at->tv_nsec = shown % SECOND;
    return 0;
}

int gettimeofday(struct timeval *at, void *zone) {
    struct timespec shown;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &shown)) return -1;
    at->tv_sec = shown.tv_sec;
    at->tv_usec = shown.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *kept) {
    struct timespec shown;
    if (clock_gettime(CLOCK_REALTIME, &shown)) return -1;
    if (kept) *kept = shown.tv_sec;
    return shown.tv_sec;
}
