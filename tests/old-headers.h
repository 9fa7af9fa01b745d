/* SPDX-License-Identifier: MIT */
/*
 * Included before each source, this file removes the names that the headers of glibc 2.28
 * and Linux 4.18 (RHEL 8; Debian 11 has little more) do not have. tests/portable.bats
 * removes the newer system call numbers, by their value, and headers.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/prctl.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>

/* Sources define their own values of these, under #ifndef. */
#undef AT_RECURSIVE
#undef CLONE_CLEAR_SIGHAND
#undef CLONE_INTO_CGROUP
#undef CLONE_NEWTIME
#undef CLONE_PIDFD
#undef FUSE_SUPER_MAGIC
#undef CLOSE_RANGE_CLOEXEC
#undef CLOSE_RANGE_UNSHARE
#undef GRND_INSECURE
#undef MADV_COLD
#undef MADV_PAGEOUT
#undef MADV_POPULATE_READ
#undef MADV_POPULATE_WRITE
#undef MAP_DROPPABLE
#undef MAP_FIXED_NOREPLACE
#undef PR_PAC_RESET_KEYS
#undef PR_SCHED_CORE
#undef PR_SET_IO_FLUSHER
#undef PR_SET_MDWE
#undef PR_SET_SYSCALL_USER_DISPATCH
#undef PR_SET_VMA
#undef SCHED_EXT
#undef STATX_ATTR_DAX
#undef STATX_ATTR_MOUNT_ROOT
#undef STATX_ATTR_VERITY
#undef STATX_DIOALIGN
#undef STATX_MNT_ID
#undef STATX_MNT_ID_UNIQUE
#undef STATX_SUBVOL

#pragma GCC poison P_PIDFD
#pragma GCC poison arc4random arc4random_buf arc4random_uniform
#pragma GCC poison close_range closefrom execveat fsconfig fsmount fsopen fspick
#pragma GCC poison getcpu getdents64 getrandom_chacha gettid mallinfo2 memset_explicit
#pragma GCC poison mount_setattr move_mount pidfd_getfd pidfd_open
#pragma GCC poison pidfd_send_signal process_madvise process_mrelease
#pragma GCC poison pthread_clockjoin_np pthread_cond_clockwait pthread_gettid_np
#pragma GCC poison pthread_mutex_clocklock sched_getattr sched_setattr sem_clockwait
#pragma GCC poison sigabbrev_np sigdescr_np strerrordesc_np strerrorname_np
#pragma GCC poison strlcat strlcpy tgkill timespec_getres twalk_r wcslcpy _Fork
