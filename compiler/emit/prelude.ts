/**
 * The fixed part of generated code: small functions that every system uses.
 *
 * In: the environment `env` of the generated module. Out: text. Never: anything of one system.
 *
 * Names: M state words, C block counters, E monitor counters, P largest values of monitors that measure, Y mark counters, L T V labels, status and violations of successors; B answers of predicates;
 * S process that runs, W violated properties, H properties in scope, F fault, N rounds of loops, D depth of recursion, G no such step,
 * K spec whose frame is in use, R result, Q result of a function in pieces, A… arguments, I… in-out values, Z… freed rows; CV CN CL CI CP RP choices.
 */
export const prelude = `'use strict';
const M=env.M,C=env.C,E=env.E,P=env.P,Y=env.Y,L=env.L,T=env.T,V=env.V,B=env.B,U=env.U,O=env.O;
const STOP={};
let S=0,W=0,H=0,Q=0,F=0,N=0,D=0,G=0,K=-1,R=0,CL=0,CI=0,CP=1,RP=-1;
const CV=new Int32Array(64),CN=new Int32Array(64);
function X(d){F=d;throw STOP}
function caught(e){if(e!==STOP)throw e;G=0;return -2}
function choose(n,d){if(n===1)return 0;if(CP*n>16777216)X(d);CP*=n;if(RP>=0){const v=RP%n;RP=(RP-v)/n;return v}if(CI===CL){CV[CL]=0;CN[CL]=n;CL++}return CV[CI++]}
function code(){let c=0,m=1;for(let i=0;i<CI;i++){c+=CV[i]*m;m*=CN[i]}return c}
function advance(){while(CL>0){if(++CV[CL-1]<CN[CL-1])return true;CL--}return false}
function qo(x,m,d){if(x>m)X(d);return x}
function qu(x,m,d){if(x<m)X(d);return x}
function co(x,m){return x>m?m:x}
function cu(x,m){return x<m?m:x}
function wo(x,l,h){return x>h?(x-l)%(h-l+1)+l:x}
function wu(x,l,h){return x<l?h-(h-x)%(h-l+1):x}
function bo(x,y){return x<0||y<0?x|y:(x|y)>>>0}
function bx(x,y){return x<0!==y<0?((x^y)>>>0)-4294967296:(x^y)>>>0}
function rw(v,n,g,d,e){if(v===0||v>n)X(v===g?e:d);return v-1}
function ix(i,n,d){if(i<0||i>=n)X(d);return i}
function nz(x,d){if(x===0)X(d);return x}
function pr(v,n,g,t){return v===0?0:v===g?t:((v-1)/n|0)+1}
function pq(v,n,g,d){if(v===g)X(d);return v===0?0:((v-1)/n|0)+1}
function rc(v,m,g,t){return v===g?t:v<=m?v:0}
function rd(v,m,g,d){if(v===g)X(d);return v<=m?v:0}
function dz(v,z,n,g){return v>0&&v<=n&&(z>>>v-1&1)!==0?g:v}
function dp(v,z,n,g){return v>0&&v<g&&(z>>>((v-1)/n|0)&1)!==0?g:v}
`;
