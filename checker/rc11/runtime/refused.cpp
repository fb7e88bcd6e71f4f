// What code under check must not call, since it would go on without the engine knowing of it, block
// the process, or be another thing in each execution. What is in no list of this runtime either
// does not concern other threads or ends in one of these functions.
//
// And what a library remembers for the code under check, where nobody but the library looks: it is
// in no state, so that no two executions can be said to go on in the same way.

#include "parley/checker/rc11/runtime/interposing.hpp"
#include "parley/checker/require.hpp"

#include <dlfcn.h>

// What the entries below ask, with their name, their symbol and who has called: they return the
// library's function, to which the entries then jump with all arguments, whatever these are.
extern "C" void* __parley_find(const char* symbol) {
    void* const function = dlsym(RTLD_NEXT, symbol);
    parley::checker::require(function != nullptr, "a function that is called is there");
    return function;
}
extern "C" void* __parley_refuse_or_find(const char* name, const char* symbol, const void* caller) {
    if (auto* const runtime = parley::rc11::active_for(caller)) runtime->refuse(name);
    return __parley_find(symbol);
}
extern "C" void* __parley_note_and_find(const char* /*name*/, const char* symbol,
                                        const void* /*caller*/) {
    auto* const runtime = parley::rc11::Runtime::active();
    if (runtime != nullptr) runtime->note_foreign_state();
    return __parley_find(symbol);
}

// The registers that hold arguments, and how many there are in others.
asm(R"(
    .macro ask function, symbol, name
    .pushsection .rodata
77: .asciz "\symbol"
78: .asciz "\name"
    .popsection
    .pushsection .text
    .globl \symbol
    .type \symbol, @function
\symbol:
    push %rdi
    push %rsi
    push %rdx
    push %rcx
    push %r8
    push %r9
    push %rax
    lea 78b(%rip), %rdi
    lea 77b(%rip), %rsi
    mov 56(%rsp), %rdx
    call \function
    mov %rax, %r11
    pop %rax
    pop %r9
    pop %r8
    pop %rcx
    pop %rdx
    pop %rsi
    pop %rdi
    jmp *%r11
    .size \symbol, . - \symbol
    .popsection
    .endm

    .macro refuse symbol, name
    ask __parley_refuse_or_find, \symbol, \name
    .endm

    .macro note_all symbols:vararg
    .irp symbol, \symbols
    ask __parley_note_and_find, \symbol, \symbol
    .endr
    .endm

    .macro refuse_all symbols:vararg
    .irp symbol, \symbols
    refuse \symbol, \symbol
    .endr
    .endm

    refuse_all pthread_exit, pthread_cancel, pthread_kill
    refuse_all pthread_sigqueue, pthread_tryjoin_np, pthread_timedjoin_np
    refuse_all pthread_clockjoin_np, pthread_getattr_np, pthread_setaffinity_np
    refuse_all pthread_getaffinity_np, pthread_setschedparam, pthread_getschedparam
    refuse_all pthread_setschedprio, pthread_getcpuclockid, pthread_getname_np, gettid
    refuse_all sched_getcpu

    # C11 threads.
    refuse_all thrd_create, thrd_join, thrd_detach, thrd_exit, thrd_current, thrd_yield
    refuse_all thrd_sleep, mtx_lock, mtx_trylock, mtx_timedlock, mtx_unlock, cnd_wait
    refuse_all cnd_timedwait, cnd_signal, cnd_broadcast, call_once, tss_set

    # Signals.
    refuse_all signal, sigaction, sigprocmask, pthread_sigmask, raise, kill, killpg, tgkill
    refuse_all sigqueue, sigwait, sigwaitinfo, sigtimedwait, sigsuspend, pause, alarm
    refuse_all setitimer, timer_create

    # Processes.
    refuse_all fork, vfork, system, popen, posix_spawn, posix_spawnp, execl, execle, execlp
    refuse_all execv, execve, execvp, execvpe, wait, waitpid, waitid, exit, _exit, _Exit
    refuse_all quick_exit

    # What blocks until somebody else does something.
    refuse_all read, readv, recv, recvfrom, recvmsg, accept, accept4, connect, poll, ppoll
    refuse_all select, pselect, epoll_wait, epoll_pwait, flock, lockf, msgrcv, msgsnd, semop
    refuse_all semtimedop, sem_open, mq_receive, mq_send

    # What is another thing each time.
    refuse_all rand, srand, random, srandom, drand48, lrand48, mrand48, arc4random
    refuse_all arc4random_uniform, arc4random_buf, getrandom, getentropy, getrusage, times
    refuse _ZNSt13random_device9_M_getvalEv, std::random_device

    # Their owners are counted by headers and by the library, and what that does is not seen.
    refuse _ZNSt10filesystem7__cxx1118directory_iteratorC1ERKNS0_4pathENS_17directory_optionsEPSt10error_code, std::filesystem::directory_iterator
    refuse _ZNSt10filesystem7__cxx1118directory_iteratorC2ERKNS0_4pathENS_17directory_optionsEPSt10error_code, std::filesystem::directory_iterator
    refuse _ZNSt10filesystem7__cxx1128recursive_directory_iteratorC1ERKNS0_4pathENS_17directory_optionsEPSt10error_code, std::filesystem::recursive_directory_iterator
    refuse _ZNSt10filesystem7__cxx1128recursive_directory_iteratorC2ERKNS0_4pathENS_17directory_optionsEPSt10error_code, std::filesystem::recursive_directory_iterator
    refuse _ZNSt10filesystem7__cxx1116filesystem_errorC1ERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEESt10error_code, std::filesystem::filesystem_error
    refuse _ZNSt10filesystem7__cxx1116filesystem_errorC2ERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEESt10error_code, std::filesystem::filesystem_error
    refuse _ZNSt10filesystem7__cxx1116filesystem_errorC1ERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEERKNS0_4pathESt10error_code, std::filesystem::filesystem_error
    refuse _ZNSt10filesystem7__cxx1116filesystem_errorC2ERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEERKNS0_4pathESt10error_code, std::filesystem::filesystem_error
    refuse _ZNSt10filesystem7__cxx1116filesystem_errorC1ERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEERKNS0_4pathESC_St10error_code, std::filesystem::filesystem_error
    refuse _ZNSt10filesystem7__cxx1116filesystem_errorC2ERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEERKNS0_4pathESC_St10error_code, std::filesystem::filesystem_error

    # Memory and code from elsewhere, other stacks.
    refuse_all mmap, mmap64, mremap, munmap, sbrk, brk, dlopen, dlmopen, makecontext
    refuse_all setcontext, swapcontext

    # The environment, the locale, the time zone, and what is in the middle of a text.
    note_all setenv, unsetenv, putenv, clearenv, setlocale, uselocale, tzset, strtok
    note_all mblen, mbtowc, wctomb, mbrlen, mbrtowc, wcrtomb, getopt, getopt_long
    note_all umask, chdir, fchdir
    note_all _ZNSt6locale6globalERKS_, _ZSt15set_new_handlerPFvvE
)");

namespace parley::rc11 {

void link_refused_functions() {}

}  // namespace parley::rc11
