#include "parley/stress/placement.hpp"

#include <pthread.h>
#include <sched.h>

namespace parley::stress {
namespace {

/// A set of processors of any size: the fixed cpu_set_t ends at 1,024.
class CpuSet {
 public:
    explicit CpuSet(std::size_t cpu_count)
        : words_(cpu_count / word_bits + 1), bytes_(words_.size() * sizeof(Word)) {}

    cpu_set_t* data() { return reinterpret_cast<cpu_set_t*>(words_.data()); }
    std::size_t bytes() const { return bytes_; }

    void insert(int cpu) { word_of(cpu) |= bit_of(cpu); }

    std::vector<int> members() const {
        std::vector<int> members;
        for (std::size_t i = 0; i < words_.size() * word_bits; ++i) {
            if ((words_[i / word_bits] >> (i % word_bits) & 1U) != 0) {
                members.push_back(static_cast<int>(i));
            }
        }
        return members;
    }

 private:
    using Word = unsigned long;
    static constexpr std::size_t word_bits = 8 * sizeof(Word);

    Word& word_of(int cpu) { return words_[static_cast<std::size_t>(cpu) / word_bits]; }
    static Word bit_of(int cpu) { return Word{1} << (static_cast<std::size_t>(cpu) % word_bits); }

    std::vector<Word> words_;
    std::size_t bytes_;
};

constexpr std::size_t cpus_max = 8192;

}  // namespace

std::vector<int> allowed_cpus() {
    CpuSet set(cpus_max);
    if (sched_getaffinity(0, set.bytes(), set.data()) != 0) return {0};
    return set.members();
}

std::vector<Placement> available_placements(std::size_t cpu_count) {
    if (cpu_count < 2) return {Placement::same_core};
    return {Placement::different_cores, Placement::unpinned, Placement::same_core};
}

std::vector<int> cpus_for(Placement placement, model::Party party, std::size_t turn,
                          const std::vector<int>& cpus) {
    const std::size_t count = cpus.size();
    if (placement == Placement::unpinned) return cpus;
    const std::size_t left = turn % count;
    if (placement == Placement::same_core || count < 2) return {cpus[left]};
    if (party == model::Party::left) return {cpus[left]};
    const std::size_t distance = 1 + turn / count % (count - 1);
    return {cpus[(left + distance) % count]};
}

bool pin_this_thread(const std::vector<int>& cpus) {
    CpuSet set(cpus_max);
    for (const int cpu : cpus) set.insert(cpu);
    return pthread_setaffinity_np(pthread_self(), set.bytes(), set.data()) == 0;
}

}  // namespace parley::stress
