#include "parley/stress/crash.hpp"

#include "parley/checker/guard_exit.hpp"
#include "parley/checker/symbolizer.hpp"
#include "parley/stress/signal_scope.hpp"
#include "parley/stress/tsan_hook.hpp"
#include "parley/stress/whereabouts.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <sstream>
#include <utility>

#include <execinfo.h>
#include <link.h>
#include <ucontext.h>
#include <unistd.h>

namespace parley::stress {
namespace {

constexpr std::array fatal_signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, hang_signal};
constexpr std::string_view record_start = "\nparley-crash ";
constexpr std::string_view race_start = "\nparley-crash-race ";
constexpr std::string_view stack_start = "\nparley-crash-stack ";
constexpr std::size_t depth_max = 32;

// What the handler needs; set before it is installed.
int record_descriptor = -1;
std::uintptr_t program_start = 0;
std::uintptr_t program_end = 0;
std::uintptr_t program_base = 0;

/// A line of text in fixed memory: a signal handler may neither allocate nor format.
class Line {
 public:
    void add(std::string_view text) {
        for (const char c : text) put(c);
    }

    void add(std::uint64_t number) {
        if (number >= 10) add(number / 10);
        put(static_cast<char>('0' + number % 10));
    }

    void write_to(int descriptor) const {
        std::size_t written = 0;
        while (written < size_) {
            const ssize_t some = write(descriptor, bytes_.data() + written, size_ - written);
            if (some <= 0) return;
            written += static_cast<std::size_t>(some);
        }
    }

 private:
    void put(char c) {
        if (size_ < bytes_.size()) bytes_[size_++] = c;
    }

    std::array<char, 1024> bytes_;
    std::size_t size_ = 0;
};

void write_record(int signal, const siginfo_t& info) {
    const bool has_address = signal == SIGSEGV || signal == SIGBUS;
    Line line;
    line.add(record_start);
    line.add(static_cast<std::uint64_t>(signal));
    line.add(" ");
    line.add(whereabouts.is_running ? 1U : 0U);
    line.add(" ");
    line.add(model::index_of(whereabouts.party));
    line.add(" ");
    line.add(whereabouts.instance);
    line.add(" ");
    line.add(has_address ? reinterpret_cast<std::uintptr_t>(info.si_addr) : 0U);
    line.add("\n");
    line.write_to(record_descriptor);
}

/// The instruction that the signal interrupted; 0 on processors that we have not met.
std::uintptr_t interrupted_instruction(const ucontext_t& context) {
#if defined(__x86_64__)
    return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
    return context.uc_mcontext.pc;
#else
    return 0;
#endif
}

bool is_in_program(std::uintptr_t address) {
    return address >= program_start && address < program_end;
}

void add_access(const RawAccess& access, Line& line) {
    line.add(access.is_write ? " 1" : " 0");
    line.add(access.is_atomic ? " 1 " : " 0 ");
    line.add(static_cast<std::uint64_t>(access.size_bytes));
    line.add(" ");
    line.add(access.thread_name[0] == '\0' ? "thread" : access.thread_name);
    for (void* const place : access.stack.return_addresses) {
        const auto address = reinterpret_cast<std::uintptr_t>(place);
        if (!is_in_program(address)) continue;
        line.add(" ");
        line.add(address - program_base - 1U);
    }
    line.add(" 0");
}

/// What ThreadSanitizer had to say so far would be lost.
void write_races() {
    std::size_t count = 0;
    const RawReport* const reports = raw_reports(count);
    for (std::size_t i = 0; i < count; ++i) {
        Line line;
        line.add(race_start);
        line.add(reports[i].kind);
        for (std::size_t k = 0; k < reports[i].access_count; ++k) {
            add_access(reports[i].accesses[k], line);
        }
        line.add("\n");
        line.write_to(record_descriptor);
    }
}

/// After the record: a damaged stack can make this crash in turn, and then the record stands.
void write_stack(std::uintptr_t interrupted) {
    std::array<void*, depth_max> addresses{};
    const int depth = backtrace(addresses.data(), static_cast<int>(depth_max));
    Line line;
    line.add(stack_start);
    bool is_ours = true;  // the frames of the handler come first
    for (std::size_t i = 0; i < static_cast<std::size_t>(depth); ++i) {
        const auto address = reinterpret_cast<std::uintptr_t>(addresses[i]);
        const bool is_interrupted = address == interrupted;
        is_ours = is_ours && !is_interrupted;
        if (is_ours || !is_in_program(address)) continue;
        // One byte back from a return address: the call itself, not what follows it.
        line.add(address - program_base - (is_interrupted ? 0U : 1U));
        line.add(" ");
    }
    line.add("\n");
    line.write_to(record_descriptor);
}

void handle(int signal, siginfo_t* info, void* context) {
    const SignalScope scope;
    static std::atomic_flag is_handling;
    // The other thread may crash as well, from the same cause: the first one reports.
    if (is_handling.test_and_set()) pause();
    write_record(signal, *info);
    write_races();
    write_stack(interrupted_instruction(*static_cast<const ucontext_t*>(context)));
    checker::guard_state::end_process(crash_exit_code);
}

/// The first module is the program itself.
int note_program(dl_phdr_info* info, std::size_t, void*) {
    program_base = info->dlpi_addr;
    program_start = UINTPTR_MAX;
    for (std::size_t i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& segment = info->dlpi_phdr[i];
        if (segment.p_type != PT_LOAD) continue;
        const std::uintptr_t start = program_base + segment.p_vaddr;
        program_start = start < program_start ? start : program_start;
        program_end = start + segment.p_memsz;
    }
    return 1;
}

/// The text after the last `start` up to the end of its line.
std::optional<std::string> last_line(std::string_view output, std::string_view start) {
    const std::size_t at = output.rfind(start);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = output.substr(at + start.size());
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    return std::string(rest.substr(0, end));
}

/// The accesses of a line of write_races(), behind its kind.
CrashRace parse_race(std::string_view line) {
    std::istringstream fields{std::string{line}};
    CrashRace race;
    fields >> race.kind;
    CrashAccess access;
    while (fields >> access.is_write >> access.is_atomic >> access.size_bytes >> access.thread) {
        access.instructions.clear();
        for (std::size_t instruction = 0; fields >> instruction && instruction != 0;) {
            access.instructions.push_back(instruction);
        }
        race.accesses.push_back(access);
    }
    return race;
}

}  // namespace

void install_crash_handler(int descriptor) {
    record_descriptor = descriptor;
    dl_iterate_phdr(note_program, nullptr);
    // The first call loads a library, which a signal handler must not do.
    std::array<void*, 1> address{};
    backtrace(address.data(), 1);
    struct sigaction action{};
    action.sa_sigaction = handle;
    // Once only: a crash of the handler ends the program.
    action.sa_flags = static_cast<int>(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND | SA_NODEFER);
    for (const int signal : fatal_signals) sigaction(signal, &action, nullptr);
    checker::guard_state::must_not_exit = [] { return whereabouts.is_running; };
}

std::optional<Crash> parse_crash(std::string_view output) {
    const auto record = last_line(output, record_start);
    if (!record) return {};
    Crash crash;
    int party = 0;
    std::istringstream fields(*record);
    fields >> crash.signal >> crash.is_running >> party >> crash.instance >> crash.address;
    if (!fields) return {};
    crash.party = party == 0 ? model::Party::left : model::Party::right;
    for (std::size_t at = output.find(race_start); at != std::string_view::npos;
         at = output.find(race_start, at + 1)) {
        const std::string_view rest = output.substr(at + race_start.size());
        crash.races.push_back(parse_race(rest.substr(0, rest.find('\n'))));
    }
    std::istringstream stack(last_line(output, stack_start).value_or(""));
    for (std::size_t instruction = 0; stack >> instruction;) {
        crash.instructions.push_back(instruction);
    }
    return crash;
}

TsanReport report_of(const CrashRace& race, const std::string& module) {
    TsanReport report;
    report.kind = race.kind;
    for (const CrashAccess& access : race.accesses) {
        Stack stack;
        for (const Stack& frames : checker::symbolize_in(module, access.instructions)) {
            stack.insert(stack.end(), frames.begin(), frames.end());
        }
        report.accesses.push_back({.is_write = access.is_write,
                                   .is_atomic = access.is_atomic,
                                   .size_bytes = access.size_bytes,
                                   .thread = access.thread,
                                   .stack = std::move(stack)});
    }
    return report;
}

std::string_view name_of_signal(int signal) {
    switch (signal) {
        case SIGSEGV:
            return "segmentation fault";
        case SIGBUS:
            return "bus error";
        case SIGFPE:
            return "arithmetic exception";
        case SIGILL:
            return "illegal instruction";
        case SIGABRT:
            return "abort";
        case SIGTRAP:
            return "trap";
        case SIGKILL:
            return "killed";
        default:
            return "signal";
    }
}

AlternateStack::AlternateStack() {
    stack_t stack{};
    stack.ss_sp = bytes_.get();
    stack.ss_size = size_bytes;
    sigaltstack(&stack, nullptr);
}

AlternateStack::~AlternateStack() {
    stack_t stack{};
    stack.ss_flags = SS_DISABLE;
    sigaltstack(&stack, nullptr);
}

}  // namespace parley::stress
