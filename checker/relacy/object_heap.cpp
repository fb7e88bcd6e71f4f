#include "parley/checker/relacy/object_heap.hpp"

#include <algorithm>
#include <new>

namespace parley::checker::relacy {

ObjectHeap::~ObjectHeap() {
    for (const auto& [bytes, blocks] : free_blocks_) {
        for (void* block : blocks) ::operator delete(block);
    }
}

ObjectHeader* ObjectHeap::make(std::size_t bytes) {
    const auto number = static_cast<std::uint32_t>(made_.size());
    return made_.emplace_back(::new (take_block(bytes)) ObjectHeader(number, bytes));
}

const ObjectHeader* ObjectHeap::first_leak() const {
    const auto found = std::ranges::find_if(made_, &ObjectHeader::is_alive);
    return found == made_.end() ? nullptr : *found;
}

void ObjectHeap::recycle() {
    for (ObjectHeader* header : made_) {
        header->~ObjectHeader();
        give_block(header);
    }
    made_.clear();
}

void ObjectHeap::forget() {
    for (ObjectHeader* header : made_) give_block(header);
    made_.clear();
}

void* ObjectHeap::take_block(std::size_t bytes) {
    for (auto& [size, blocks] : free_blocks_) {
        if (size != bytes || blocks.empty()) continue;
        void* const block = blocks.back();
        blocks.pop_back();
        return block;
    }
    return ::operator new(bytes);
}

void ObjectHeap::give_block(ObjectHeader* header) {
    const std::size_t bytes = header->bytes;
    for (auto& [size, blocks] : free_blocks_) {
        if (size == bytes) return blocks.push_back(header);
    }
    free_blocks_.push_back({bytes, {header}});
}

}  // namespace parley::checker::relacy
