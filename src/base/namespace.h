#ifndef CRNG_NAMESPACE_H
#define CRNG_NAMESPACE_H

/*
 * Inode numbers that the first namespaces of a machine have, and no others: those of
 * include/linux/proc_ns.h, 3.8 to 6.19, and of uapi nsfs.h, 6.18.
 */
#define NAMESPACE_FIRST_IPC 0xEFFFFFFFULL
#define NAMESPACE_FIRST_UTS 0xEFFFFFFEULL
#define NAMESPACE_FIRST_USER 0xEFFFFFFDULL
#define NAMESPACE_FIRST_PID 0xEFFFFFFCULL
#define NAMESPACE_FIRST_CGROUP 0xEFFFFFFBULL
#define NAMESPACE_FIRST_MNT 0xEFFFFFF8ULL /* 6.18; before, it is any number */

#endif
