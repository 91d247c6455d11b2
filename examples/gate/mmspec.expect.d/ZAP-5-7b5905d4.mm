mmspec trace 1
# ZAP-5: zap_vma_ptes returns 0 if successful, and something else where it refused.
# source: kernel-doc of zap_vma_ptes(): "Returns 0 if successful"
# step 2: allowed anything but 0: the call refuses
# replay: npx mmspec replay FILE --target mutant:zap-returns-zero
target mutant zap-returns-zero
profile documented
trait follow_outside=refused unmap_interior=ignored unmap_unknown=ignored zero_map_ram=null
cpus 2
frames 64
window kernel 0xffffc90000000000 0xffffc90010000000
window user 0x200000000 0x240000000
@0 v0 = mmap o0 1 plain shared => 0x200001000
@0 zap_vma_ptes v0 v0 0x1000   => 0
