/* The handler of SIGSYS that path_calls.py installs: see there for what it does and why.
 *
 * It is machine code, because it runs wherever a library asks about a path: the library may hold a lock of its own
 * (mktime and dlopen do), and Python code could then hand the interpreter to a thread that waits for this lock.
 * It calls nothing and needs no memory but the stack, and the table that path_calls.py has put at TABLE.
 *
 * `make path-calls` compiles this file for both machines and writes the bytes into path_calls.py.
 */
#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>

#define INLINE static inline __attribute__((always_inline))
#define ABOUT 144 /* bytes: at least the kernel's struct stat */
#define NR_fchmodat2 452 /* on every machine; older headers do not have it */
#define TABLE ((const struct known *)0x5ec000000000L)

struct known { /* a folder that libraries ask about; an empty path ends the table */
    char path[1024];
    char about[ABOUT];
};

#if defined(__x86_64__)
#define REGISTER(name) gregs[REG_##name]
#define ARGUMENTS {m->REGISTER(RDI), m->REGISTER(RSI), m->REGISTER(RDX), m->REGISTER(R10)}
#define RESULT m->REGISTER(RAX)
INLINE long ask(long number, long a, long b, long c, long d) {
    long result;
    register long r10 __asm__("r10") = d;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
#define ARGUMENTS {m->regs[0], m->regs[1], m->regs[2], m->regs[3]}
#define RESULT m->regs[0]
INLINE long ask(long number, long a, long b, long c, long d) {
    register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c, x3 __asm__("x3") = d;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
}
#endif

/* The file's descriptor, or the negative number of an error. Landlock decides. */
INLINE long opened(long folder, long path, long flags) {
    return ask(__NR_openat, folder, path, flags | O_CLOEXEC | O_NONBLOCK, 0);
}

/* A question about an open file; it is closed again. */
INLINE long asked(long fd, long number, long argument) {
    if (fd < 0) return fd;
    long result = ask(number, fd, argument, 0, 0);
    ask(__NR_close, fd, 0, 0, 0);
    return result;
}

/* "Done" about a file that can be opened, and nothing is done. Without a path it is about a descriptor. */
INLINE long done(long folder, long path) {
    long fd = path ? opened(folder, path, O_RDONLY) : folder;
    if (path && fd >= 0) ask(__NR_close, fd, 0, 0, 0);
    return fd < 0 && path ? fd : 0;
}

INLINE int remembered(const char *path, char *buffer) {
    for (const struct known *k = TABLE; k->path[0]; k++) {
        int i = 0;
        while (k->path[i] && k->path[i] == path[i]) i++;
        if (k->path[i] != path[i]) continue;
        for (i = 0; i < (int)sizeof(struct stat); i++) ((volatile char *)buffer)[i] = k->about[i];
        return 1;
    }
    return 0;
}

INLINE long about(long folder, long path, long buffer, long flags) {
    const char *text = (const char *)path;
    /* glibc 2.33 to 2.38 asks about a descriptor in this way. */
    if (flags & AT_EMPTY_PATH && (!text || !*text)) return ask(__NR_fstat, folder, buffer, 0, 0);
    if (text && remembered(text, (char *)buffer)) return 0;
    return asked(opened(folder, path, flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0), __NR_fstat, buffer);
}

INLINE long can_access(long folder, long path, long mode) {
    struct stat file;
    long result = asked(opened(folder, path, O_RDONLY), __NR_fstat, (long)&file);
    if (result < 0) return result;
    if (mode & X_OK && !S_ISDIR(file.st_mode) && !(file.st_mode & 0111)) return -EACCES;
    if (!(mode & W_OK)) return 0;
    /* Into a folder: whether a file without a name can be made in it. */
    long fd = opened(folder, path, S_ISDIR(file.st_mode) ? O_WRONLY | O_TMPFILE : O_WRONLY);
    if (fd < 0) return -EACCES;
    ask(__NR_close, fd, 0, 0, 0);
    return 0;
}

void handle(int signal, siginfo_t *info, void *context) {
    (void)signal;
    mcontext_t *m = &((ucontext_t *)context)->uc_mcontext;
    const long a[4] = ARGUMENTS;
    long result = -EPERM;
    switch (info->si_syscall) {
#if defined(__x86_64__)
    case __NR_stat: result = about(AT_FDCWD, a[0], a[1], 0); break;
    case __NR_lstat: result = about(AT_FDCWD, a[0], a[1], AT_SYMLINK_NOFOLLOW); break;
    case __NR_access: result = can_access(AT_FDCWD, a[0], a[1]); break;
    case __NR_chmod:
    case __NR_chown:
    case __NR_lchown:
    case __NR_utime:
    case __NR_utimes: result = done(AT_FDCWD, a[0]); break;
    case __NR_futimesat: result = done(a[0], a[1]); break;
#endif
    case __NR_fchmod:
    case __NR_fchown: result = 0; break;
    case __NR_fchmodat:
    case NR_fchmodat2:
    case __NR_fchownat:
    case __NR_utimensat: result = done(a[0], a[1]); break;
    case __NR_newfstatat: result = about(a[0], a[1], a[2], a[3]); break;
    case __NR_faccessat:
    case __NR_faccessat2: result = can_access(a[0], a[1], a[2]); break;
    case __NR_chdir: result = asked(opened(AT_FDCWD, a[0], O_DIRECTORY), __NR_fchdir, 0); break;
    case __NR_statfs: result = asked(opened(AT_FDCWD, a[0], 0), __NR_fstatfs, a[1]); break;
    case __NR_truncate: result = asked(opened(AT_FDCWD, a[0], O_WRONLY), __NR_ftruncate, a[1]); break;
    }
    RESULT = result;
}
